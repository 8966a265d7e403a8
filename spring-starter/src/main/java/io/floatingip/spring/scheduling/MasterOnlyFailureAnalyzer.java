package io.floatingip.spring.scheduling;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a {@link MasterOnly} and what to do, instead of a stack trace. */
final class MasterOnlyFailureAnalyzer extends AbstractFailureAnalyzer<MasterOnlyException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MasterOnlyException cause) {
        return new FailureAnalysis(cause.description(), cause.action(), cause);
    }
}
