package io.floatingip.keepalived;

import java.util.Optional;
import java.util.Set;

/** Collects the {@code notify} scripts of an instance or a group. */
final class NotifyMapper {
    static final Set<String> MAPPED = Set.of(
            "notify_master",
            "notify_backup",
            "notify_fault",
            "notify_stop",
            "notify_deleted",
            "notify",
            "notify_master_rx_lower_pri");

    private final Globals globals;
    private NotifyScripts scripts = NotifyScripts.none();

    NotifyMapper(Globals globals) {
        this.globals = globals;
    }

    NotifyScripts scripts() {
        return scripts;
    }

    void map(Statement s, Findings findings) {
        if (s.name().equals("notify_deleted") && !s.hasMore()) {
            findings.info(s.node().at(), "an instance that a reload removes is RELEASED, not in FAULT");
            return;
        }
        if (s.name().equals("notify_deleted")) {
            findings.warning(
                    s.node().at(),
                    "notify_deleted is not run; an instance that a reload removes is released, which runs notify_stop");
        } else if (s.name().equals("notify_master_rx_lower_pri")) {
            findings.warning(
                    s.node().at(),
                    "notify_master_rx_lower_pri is not run; let notify_master do what has to be done again");
        }
        Optional<ScriptCall> call = s.script().map(globals::withUser);
        NotifyScripts n = scripts;
        scripts = switch (s.name()) {
            case "notify_master" ->
                new NotifyScripts(call, n.backup(), n.fault(), n.stop(), n.deleted(), n.any(), n.lowerPriorityHeard());
            case "notify_backup" ->
                new NotifyScripts(n.master(), call, n.fault(), n.stop(), n.deleted(), n.any(), n.lowerPriorityHeard());
            case "notify_fault" ->
                new NotifyScripts(n.master(), n.backup(), call, n.stop(), n.deleted(), n.any(), n.lowerPriorityHeard());
            case "notify_stop" ->
                new NotifyScripts(
                        n.master(), n.backup(), n.fault(), call, n.deleted(), n.any(), n.lowerPriorityHeard());
            case "notify_deleted" ->
                new NotifyScripts(n.master(), n.backup(), n.fault(), n.stop(), call, n.any(), n.lowerPriorityHeard());
            case "notify_master_rx_lower_pri" ->
                new NotifyScripts(n.master(), n.backup(), n.fault(), n.stop(), n.deleted(), n.any(), call);
            default ->
                new NotifyScripts(
                        n.master(), n.backup(), n.fault(), n.stop(), n.deleted(), call, n.lowerPriorityHeard());
        };
    }
}
