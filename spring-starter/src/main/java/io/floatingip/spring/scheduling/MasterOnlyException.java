package io.floatingip.spring.scheduling;

/** A use of {@link MasterOnly} that cannot work. */
final class MasterOnlyException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final String description;
    private final String action;

    MasterOnlyException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    String description() {
        return description;
    }

    String action() {
        return action;
    }
}
