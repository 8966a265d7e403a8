package io.floatingip.keepalived;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Reads what can be tracked: {@code vrrp_script}, {@code vrrp_track_file}, {@code vrrp_track_process}. */
final class CheckMapper {
    static final Set<String> SCRIPT =
            Set.of("script", "interval", "timeout", "weight", "rise", "fall", "user", "init_fail");
    static final Set<String> FILE = Set.of("file", "weight", "init_file");
    static final Set<String> PROCESS = Set.of(
            "process",
            "param_match",
            "full_command",
            "weight",
            "quorum",
            "quorum_max",
            "delay",
            "terminate_delay",
            "fork_delay");
    private static final int COUNT_MAX = 1_000_000;
    private static final int QUORUM_MAX = 65535;
    private static final double DAY = 86_400;

    private final Globals globals;
    private final Findings findings;

    CheckMapper(Globals globals, Findings findings) {
        this.globals = globals;
        this.findings = findings;
    }

    /** A weight and whether it is reversed. */
    private record Weight(int weight, boolean reversed) {}

    Optional<TrackScript> script(Node block) {
        Optional<ScriptCall> call = Optional.empty();
        Duration interval = Duration.ofSeconds(1);
        Optional<Duration> timeout = Optional.empty();
        Weight weight = new Weight(0, false);
        int rise = 1;
        int fall = 1;
        boolean initFail = false;
        Optional<String> user = Optional.empty();
        Optional<String> group = Optional.empty();
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            switch (node.name()) {
                case "script" -> call = command(s);
                case "interval" -> interval = s.secondsOrDefault(0.001, DAY).orElse(interval);
                case "timeout" -> timeout = s.secondsOrDefault(0.001, DAY);
                case "weight" -> weight = weight(s, TrackingMapper.WEIGHT_MAX).orElse(weight);
                case "rise" -> rise = s.numberOrDefault(1, COUNT_MAX).orElse(rise);
                case "fall" -> fall = s.numberOrDefault(1, COUNT_MAX).orElse(fall);
                case "init_fail" -> initFail = s.flag();
                case "user" -> {
                    user = s.wanted("a user").map(Word::text);
                    group = s.word().map(Word::text);
                }
                default -> {
                    KnownKeywords.NONE.report(node, SCRIPT, "vrrp_script", findings);
                    continue;
                }
            }
            s.end();
        }
        if (call.isEmpty()) {
            findings.error(block.at(), "vrrp_script " + block.title() + " has no script to run");
            return Optional.empty();
        }
        ScriptCall whole = globals.withUser(new ScriptCall(call.get().line(), user, group));
        return Optional.of(new TrackScript(
                block.title(),
                whole,
                interval,
                timeout.orElse(interval),
                weight.weight(),
                weight.reversed(),
                rise,
                fall,
                initFail));
    }

    private Optional<ScriptCall> command(Statement s) {
        Optional<Word> first = s.wanted("a command");
        if (first.isEmpty() || first.get().text().isBlank()) {
            return Optional.empty();
        }
        List<Word> more = s.words();
        if (!more.isEmpty()) {
            findings.warning(
                    more.get(0).at(),
                    "put the whole command in quotes; what stands behind it is taken as its arguments");
        }
        String line = String.join(
                " ",
                Stream.concat(first.stream(), more.stream()).map(Word::text).toList());
        return Optional.of(new ScriptCall(line, Optional.empty(), Optional.empty()));
    }

    Optional<TrackFile> file(Node block) {
        Optional<String> file = Optional.empty();
        Weight weight = new Weight(1, false);
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            switch (node.name()) {
                case "file" -> file = s.required("a path").map(Word::text);
                case "weight" ->
                    weight = weight(s, TrackingMapper.FILE_WEIGHT_MAX).orElse(weight);
                case "init_file" -> {
                    s.words();
                    findings.warning(node.at(), "the file is not made; until it is there it counts as 0");
                }
                default -> {
                    KnownKeywords.NONE.report(node, FILE, block.name(), findings);
                    continue;
                }
            }
            s.end();
        }
        if (file.isEmpty()) {
            findings.error(block.at(), block.name() + " " + block.title() + " has no file");
            return Optional.empty();
        }
        return Optional.of(new TrackFile(block.title(), file.get(), weight.weight(), weight.reversed()));
    }

    Optional<TrackProcess> process(Node block) {
        List<String> process = List.of();
        Weight weight = new Weight(0, false);
        int quorum = 1;
        int quorumMax = Integer.MAX_VALUE;
        for (Node node : block.block()) {
            Statement s = new Statement(node, findings);
            switch (node.name()) {
                case "process" -> process = s.words().stream().map(Word::text).toList();
                case "weight" ->
                    weight = weight(s, TrackingMapper.FILE_WEIGHT_MAX).orElse(weight);
                case "quorum" -> quorum = s.numberOrDefault(1, QUORUM_MAX).orElse(quorum);
                case "quorum_max" ->
                    quorumMax = s.numberOrDefault(0, QUORUM_MAX).orElse(quorumMax);
                case "param_match", "full_command" -> {
                    s.words();
                    findings.warning(
                            node.at(),
                            node.name()
                                    + ": processes are found by name, not by arguments; use a vrrp_script with pgrep -f instead");
                }
                case "delay", "terminate_delay", "fork_delay" -> {
                    s.words();
                    findings.info(node.at(), node.name() + ": processes are looked for once a second");
                }
                default -> {
                    KnownKeywords.NONE.report(node, PROCESS, block.name(), findings);
                    continue;
                }
            }
            s.end();
        }
        if (process.isEmpty()) {
            findings.error(block.at(), block.name() + " " + block.title() + " has no process");
            return Optional.empty();
        }
        if (process.size() > 1) {
            findings.warning(
                    block.at(),
                    "processes are found by name, not by arguments; use a vrrp_script with pgrep -f instead");
        }
        if (quorumMax < quorum) {
            findings.error(block.at(), "quorum_max " + quorumMax + " is below the quorum " + quorum);
            return Optional.empty();
        }
        return Optional.of(
                new TrackProcess(block.title(), process, weight.weight(), weight.reversed(), quorum, quorumMax));
    }

    private Optional<Weight> weight(Statement s, int max) {
        OptionalInt number = s.number(-max, max);
        boolean reversed = s.word("reverse");
        return number.isPresent() ? Optional.of(new Weight(number.getAsInt(), reversed)) : Optional.empty();
    }
}
