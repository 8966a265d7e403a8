package io.floatingip.notify;

import io.floatingip.Role;
import io.floatingip.RoleChange;
import io.floatingip.internal.health.ProcessTree;
import io.floatingip.internal.notify.Outbox;
import io.floatingip.internal.notify.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands on changes of role, as keepalived's {@code notify_master} and its like; immutable, each method returns a changed copy. Commands
 * run in the order of the changes and never two at once. They are run as they are, without a shell; input is empty, output is discarded. One that
 * takes too long is killed together with the processes it has started; that, and an exit code other than 0, counts as undelivered.
 */
public final class NotifyCommands extends Delivering {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Map<Role, List<String>> commands;
    private final @Nullable List<String> any;
    private final Duration limit;

    private NotifyCommands(Map<Role, List<String>> commands, @Nullable List<String> any, Duration limit) {
        super(new Outbox("notify command"));
        this.commands = commands;
        this.any = any;
        this.limit = limit;
    }

    /** Without any command yet. */
    public static NotifyCommands create() {
        return new NotifyCommands(Map.of(), null, LIMIT);
    }

    /** Run as it is when this node becomes master. */
    public NotifyCommands onMaster(String program, String... arguments) {
        return with(Role.MASTER, program, arguments);
    }

    /** Run as it is when this node becomes backup. */
    public NotifyCommands onBackup(String program, String... arguments) {
        return with(Role.BACKUP, program, arguments);
    }

    /** Run as it is when this node takes no part any more. */
    public NotifyCommands onFault(String program, String... arguments) {
        return with(Role.FAULT, program, arguments);
    }

    /** Run as it is when this node has left for good. */
    public NotifyCommands onStop(String program, String... arguments) {
        return with(Role.RELEASED, program, arguments);
    }

    /**
     * Run for every change, after the one for its role, with four more arguments: {@code INSTANCE} or {@code GROUP}, the name, the state {@code
     * MASTER}, {@code BACKUP}, {@code FAULT} or {@code STOP}, and the priority, 0 for a group.
     */
    public NotifyCommands onAny(String program, String... arguments) {
        return new NotifyCommands(commands, command(program, arguments), limit);
    }

    /** How long one command may take, 1 ms to 1 h. Default 60 s. */
    public NotifyCommands limit(Duration value) {
        if (value.toMillis() < 1 || value.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("limit must be 1 ms to 1 h, got " + value);
        }
        return new NotifyCommands(commands, any, value);
    }

    private NotifyCommands with(Role role, String program, String... arguments) {
        Map<Role, List<String>> more = new EnumMap<>(Role.class);
        more.putAll(commands);
        more.put(role, command(program, arguments));
        return new NotifyCommands(more, any, limit);
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Objects.requireNonNull(program, "program")));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void onChange(RoleChange change) {
        List<String> own = commands.get(change.to());
        if (own != null) {
            outbox.put(change.toString(), () -> run(own));
        }
        if (any != null) {
            List<String> all = new ArrayList<>(any);
            all.addAll(List.of(
                    Words.type(change), change.name(), Words.state(change), Integer.toString(change.priority())));
            outbox.put(change.toString(), () -> run(all));
        }
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Process process = ProcessTree.start(command);
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(command.get(0) + " did not end within " + limit);
            }
        } finally {
            if (process.isAlive()) {
                ProcessTree.kill(process);
            }
        }
        if (process.exitValue() != 0) {
            throw new IOException(command.get(0) + " ended with code " + process.exitValue());
        }
    }
}
