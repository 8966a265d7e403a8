package io.floatingip.keepalived;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what is found while a configuration is read. */
final class Findings {
    private static final int MESSAGE_MAX = 500;

    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Map<String, Integer> fileOrder = new LinkedHashMap<>();
    private int more;
    private int errors;

    void info(Position at, String message) {
        add(finding(at, Severity.INFO, message));
    }

    void warning(Position at, String message) {
        add(finding(at, Severity.WARNING, message));
    }

    void error(Position at, String message) {
        errors++;
        add(finding(at, Severity.ERROR, message));
    }

    /** How many errors so far; whoever compares two of these knows whether there was one between. */
    int errors() {
        return errors;
    }

    /** Messages quote the file: one line each, and not too long. */
    private static Finding finding(Position at, Severity severity, String message) {
        String line = IncludeFiles.printable(message);
        return new Finding(at, severity, line.length() > MESSAGE_MAX ? line.substring(0, MESSAGE_MAX) + "..." : line);
    }

    private void add(Finding finding) {
        fileOrder.putIfAbsent(finding.at().file(), fileOrder.size());
        // A line that is repeated (~SEQ, or a definition used twice) is found once.
        if (findings.contains(finding)) {
            return;
        }
        if (findings.size() < Report.FINDINGS_MAX) {
            findings.add(finding);
            return;
        }
        more++;
        // The first error has to be among them, whatever came before: the report says whether the file can be used.
        if (finding.severity() == Severity.ERROR && errors == 1) {
            findings.remove(findings.iterator().next());
            findings.add(finding);
        }
    }

    Report report() {
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(Comparator.comparing((Finding f) -> fileOrder.getOrDefault(f.at().file(), 0))
                .thenComparing(f -> f.at().line())
                .thenComparing(f -> f.at().column()));
        return new Report(sorted, more);
    }
}
