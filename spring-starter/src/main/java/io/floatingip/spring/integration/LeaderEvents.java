package io.floatingip.spring.integration;

import io.floatingip.FloatingIp;
import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.RoleListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.LeaderEventPublisher;

/** Tells Spring Integration who leads: the role is the name of the floating IP, and its master is the leader. */
final class LeaderEvents implements SmartInitializingSingleton {
    private final LeaderEventPublisher publisher;
    private final ObjectProvider<FloatingIp> floatingIps;

    LeaderEvents(LeaderEventPublisher publisher, ObjectProvider<FloatingIp> floatingIps) {
        this.publisher = publisher;
        this.floatingIps = floatingIps;
    }

    @Override
    public void afterSingletonsInstantiated() {
        floatingIps.forEach(floatingIp -> {
            Leadership leadership = new Leadership(floatingIp);
            floatingIp.addListener(RoleListener.onAnyChange(change -> publish(leadership, change)));
        });
    }

    private void publish(Leadership leadership, RoleChange change) {
        if (change.to() == Role.MASTER) {
            publisher.publishOnGranted(this, leadership, change.name());
        } else if (change.from() == Role.MASTER) {
            publisher.publishOnRevoked(this, leadership, change.name());
        }
    }

    private record Leadership(FloatingIp floatingIp) implements Context {
        @Override
        public boolean isLeader() {
            return floatingIp.isMaster();
        }

        @Override
        public void yield() {
            floatingIp.handOver();
        }

        @Override
        public String getRole() {
            return floatingIp.name();
        }
    }
}
