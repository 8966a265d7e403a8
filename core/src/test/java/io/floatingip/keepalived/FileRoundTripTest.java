package io.floatingip.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that was read is written with its meaning: scripts, notifications, mail, groups and virtual servers. */
class FileRoundTripTest {
    private static final String EVERYTHING = """
            global_defs {
                router_id "node a"
                notification_email {
                    ops@example.test
                    night@example.test
                }
                notification_email_from vrrp@example.test
                smtp_server 192.0.2.25 2525
                smtp_helo_name node.example.test
                smtp_connect_timeout 7
                no_email_faults
                smtp_alert_vrrp
                vrrp_startup_delay 2.5
                script_user nobody nogroup
                notify_fifo /run/all
                vrrp_notify_fifo /run/vrrp
            }
            vrrp_script plain {
                script "/usr/bin/pgrep -x 'my proxy'"
            }
            vrrp_script "with blanks" {
                script "test $(cat /run/state) = \\"up\\" # not a comment"
                interval 0.5
                timeout 3
                weight -20 reverse
                rise 2
                fall 3
                user root root
                init_fail
            }
            vrrp_track_file file {
                file "/run/prio rity"
                weight -3 reverse
            }
            vrrp_track_process process {
                process /usr/sbin/haproxy
                weight 12
                quorum 2
                quorum_max 4
            }
            vrrp_sync_group G {
                group {
                    A
                    B
                }
                track_script {
                    plain
                }
                notify_master "/bin/group master" root
                smtp_alert off
            }
            garp_group {
                garp_interval 0.5
                gna_interval 0.01
                interfaces {
                    eth1
                    eth0
                }
            }
            vrrp_instance A6 {
                interface eth0
                virtual_router_id 1
                virtual_ipaddress {
                    fe80::10
                }
            }
            vrrp_instance A {
                interface eth0
                virtual_router_id 1
                track_script {
                    "with blanks" weight 0
                }
                virtual_ipaddress {
                    10.0.0.10
                }
            }
            vrrp_instance B {
                interface eth0
                virtual_router_id 2
                virtual_ipaddress {
                    10.0.0.11
                }
            }
            vrrp_instance alone {
                interface eth1
                virtual_router_id 3
                priority 77
                track_script {
                    plain weight 30
                    "with blanks"
                }
                track_file {
                    file weight 5
                }
                track_process {
                    process reverse
                }
                notify_master "/bin/a 'b c' \\"d\\"" user group
                notify_backup "/bin/b"
                notify_fault "/bin/c"
                notify_stop "/bin/d; /bin/e"
                notify "/bin/any $HOME"
                notify_deleted "/bin/deleted"
                notify_master_rx_lower_pri "/bin/lower"
                virtual_ipaddress {
                    2001:db8::10/64
                }
            }
            static_ipaddress {
                10.1.0.1/24 dev eth3
            }
            virtual_server_group SG {
                10.0.0.10 80
                2001:db8::10 80
                fwmark 7
            }
            virtual_server group SG {
                real_server 10.0.0.20 80 {
                    weight 3
                    PING_CHECK {
                    }
                    BFD_CHECK {
                        name b1
                    }
                }
            }
            virtual_server fwmark 9 {
                protocol UDP
                real_server 10.0.0.20 53 {
                    DNS_CHECK {
                        type A
                        name example.test
                    }
                    UDP_CHECK {
                        payload 0aff
                        require_reply 0bxx
                        min_reply_length 1
                    }
                }
            }
            virtual_server 2001:db8::10 443 {
                persistence_granularity 64
                persistence_timeout 600
                real_server 2001:db8::20 443 {
                }
            }
            virtual_server 10.0.0.10 443 {
                delay_loop 6
                lb_algo sh
                sh-port
                lb_kind DR
                persistence_timeout
                persistence_granularity 255.255.255.0
                virtualhost www.example.test
                sorry_server 10.0.0.99 80
                sorry_server_inhibit
                quorum 2
                hysteresis 1
                ops
                alpha
                omega
                quorum_up "/bin/up 1" root
                quorum_down /bin/down
                retry 5
                real_server 10.0.0.21 8443 {
                    weight 10
                    lvs_method TUN
                    inhibit_on_failure
                    uthreshold 100
                    lthreshold 10
                    notify_up "/bin/server up"
                    notify_down "/bin/server down"
                    smtp_alert off
                    SSL_GET {
                        url {
                            path /a
                            digest 640205B7B0FC66C1EA91C463FAC6334D
                            status_code 200 300-302
                            regex "^a{2}\\\\d \\"q\\""
                            regex_no_match
                            regex_options caseless multiline
                        }
                        url {
                            path /b
                            virtualhost b.example.test
                        }
                        enable_sni
                        http_protocol 1.1
                        fast_recovery
                        connect_ip 10.0.0.22
                        connect_port 8444
                        bindto 10.0.0.1
                        bind_if eth0
                        bind_port 1234
                        fwmark 3
                        alpha off
                        warmup 0
                    }
                    SMTP_CHECK {
                        helo_name me
                    }
                    MISC_CHECK {
                        misc_path "/bin/check me"
                        misc_timeout 3
                        misc_dynamic
                        user nobody
                    }
                    FILE_CHECK {
                        track_file file
                        dynamic
                        weight 2 reverse
                    }
                    TCP_CHECK {
                        delay_before_retry 0.5
                    }
                }
            }
            """;

    static Stream<String> files() {
        return Stream.concat(
                Stream.of(EVERYTHING),
                Stream.of("01-two-nodes-pass.conf", "02-tracked-service.conf", "03-everything.conf")
                        .map(FileRoundTripTest::sample));
    }

    @ParameterizedTest
    @MethodSource("files")
    void givesBackWhatWasRead(String text) {
        KeepalivedConfig read = KeepalivedConfig.parse(text, "read", "host");
        assertThat(read.report().hasErrors()).as(read.report().toString()).isFalse();

        String written = read.write();
        KeepalivedConfig again = KeepalivedConfig.parse(written, "written", "host");

        assertThat(again.report().hasErrors()).as(again.report() + written).isFalse();
        assertThat(messages(again)).as(written).isSubsetOf(messages(read));
        assertThat(again.instances().stream().map(i -> Described.of(i.config())))
                .as(written)
                .containsExactlyElementsOf(read.instances().stream()
                        .map(i -> Described.of(i.config()))
                        .toList());
        assertThat(described(again)).as(written).isEqualTo(described(read));
        assertThat(again.write()).isEqualTo(written);
    }

    @Test
    void theFileHoldsEverything() {
        KeepalivedConfig read = KeepalivedConfig.parse(EVERYTHING, "read", "host");
        assertThat(read.instances())
                .extracting(KeepalivedInstance::name, i -> i.tracking().size())
                .containsExactly(tuple("A6", 0), tuple("A", 2), tuple("B", 1), tuple("alone", 4));
        assertThat(read.virtualServers().stream()
                        .flatMap(v -> v.realServers().stream())
                        .flatMap(r -> r.checks().stream())
                        .<Object>map(ServerCheck::getClass))
                .containsExactlyInAnyOrder((Object[]) ServerCheck.class.getPermittedSubclasses());
        assertThat(described(read)).noneMatch(text -> text.contains("read:"));
    }

    /** All but the configurations, without where it stands. */
    private static List<String> described(KeepalivedConfig file) {
        return Stream.<Stream<?>>of(
                        file.scripts().stream(),
                        file.files().stream(),
                        file.processes().stream(),
                        file.fifos().stream(),
                        file.staticAddresses().stream()
                                .map(s -> s.address() + " " + s.address().device()),
                        Stream.of(file.mail()),
                        file.groups().stream(),
                        file.instances().stream().flatMap(i -> i.tracking().stream()),
                        file.instances().stream()
                                .map(i -> i.name() + " " + i.tracking() + i.notifyScripts() + i.mail()),
                        file.virtualServers().stream())
                .flatMap(each -> each)
                .map(each -> each.toString().replaceAll("Position\\[[^]]*]|(read|written):\\d+:\\d+", "at"))
                .toList();
    }

    private static Set<String> messages(KeepalivedConfig file) {
        return file.report().findings().stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .map(Finding::message)
                .collect(Collectors.toSet());
    }

    private static String sample(String name) {
        try (var in = FileRoundTripTest.class.getResourceAsStream("/keepalived/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
