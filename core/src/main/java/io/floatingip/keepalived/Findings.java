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
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Map<String, Integer> fileOrder = new LinkedHashMap<>();
    private int more;
    private int errors;

    void info(Position at, String message) {
        add(new Finding(at, Severity.INFO, message));
    }

    void warning(Position at, String message) {
        add(new Finding(at, Severity.WARNING, message));
    }

    void error(Position at, String message) {
        errors++;
        add(new Finding(at, Severity.ERROR, message));
    }

    /** How many errors so far; whoever compares two of these knows whether there was one between. */
    int errors() {
        return errors;
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
