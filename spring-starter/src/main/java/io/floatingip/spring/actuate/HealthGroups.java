package io.floatingip.spring.actuate;

import java.util.Map;
import java.util.Optional;

/** The health groups and contributors of an application, whatever the line of Spring Boot. */
@FunctionalInterface
interface HealthGroups {
    /** Asks a group or a contributor, such as {@code readiness} or {@code db/primary}; empty if there is none, or no health endpoint. */
    Optional<Answer> ask(String... path);

    /**
     * What it says.
     *
     * @param code of the status
     * @param components the codes of its parts by their names; empty if it has none
     */
    record Answer(String code, Map<String, String> components) {}
}
