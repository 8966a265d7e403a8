package io.floatingip.spring.integration;

import io.floatingip.FloatingIp;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.LeaderEventPublisher;

/** Tells Spring Integration who leads: the role is the name of the floating IP, and its master is the leader. */
final class LeaderEvents implements RoleListener {
    private final LeaderEventPublisher publisher;
    private final ObjectProvider<FloatingIp> floatingIps;

    LeaderEvents(LeaderEventPublisher publisher, ObjectProvider<FloatingIp> floatingIps) {
        this.publisher = publisher;
        this.floatingIps = floatingIps;
    }

    @Override
    public void onChange(RoleChange change) {
        if (change.to() == Role.MASTER) {
            publisher.publishOnGranted(this, new Leadership(change.name()), change.name());
        } else if (change.from() == Role.MASTER) {
            publisher.publishOnRevoked(this, new Leadership(change.name()), change.name());
        }
    }

    private final class Leadership implements Context {
        private final String name;

        Leadership(String name) {
            this.name = name;
        }

        @Override
        public boolean isLeader() {
            return floatingIp().map(FloatingIp::isMaster).orElse(false);
        }

        @Override
        public void yield() {
            floatingIp().ifPresent(FloatingIp::handOver);
        }

        @Override
        public String getRole() {
            return name;
        }

        private Optional<FloatingIp> floatingIp() {
            return floatingIps.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst();
        }

        @Override
        public String toString() {
            return "leadership of floating IP " + name;
        }
    }
}
