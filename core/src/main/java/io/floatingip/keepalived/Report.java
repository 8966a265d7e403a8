package io.floatingip.keepalived;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was understood differently or not at all, in the order of the files. A line without a finding means here what it means to keepalived.
 *
 * @param findings at most {@value #FINDINGS_MAX}
 * @param more how many there were beyond these
 */
public record Report(List<Finding> findings, int more) {
    /** Nobody reads more; and memory is bounded whatever the file holds. */
    static final int FINDINGS_MAX = 1000;

    public Report {
        findings = List.copyOf(findings);
    }

    /** The gravest finding; empty if there is none. */
    public Optional<Severity> worst() {
        return findings.stream().map(Finding::severity).max(Severity::compareTo);
    }

    /** Whether something could not be configured. */
    public boolean hasErrors() {
        return worst().filter(Severity.ERROR::equals).isPresent();
    }

    /** Whether something is not done as asked, or could not be configured. */
    public boolean hasWarnings() {
        return worst().filter(s -> s.compareTo(Severity.WARNING) >= 0).isPresent();
    }

    /** A line for each finding. */
    @Override
    public String toString() {
        String lines = findings.stream().map(f -> f + "\n").collect(Collectors.joining());
        return more == 0 ? lines : lines + "... and " + more + " more\n";
    }
}
