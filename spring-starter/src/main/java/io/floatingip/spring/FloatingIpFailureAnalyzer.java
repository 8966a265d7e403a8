package io.floatingip.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why a floating IP cannot be joined, and what to change. */
final class FloatingIpFailureAnalyzer extends AbstractFailureAnalyzer<FloatingIpStartException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FloatingIpStartException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
