package io.floatingip.linux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of the kernel that were changed for virtual interfaces, with what they were before. Several may need the same one: it is given back
 * when the last of them is gone, unless someone has changed it meanwhile. Used by the loop thread.
 */
final class Settings {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNetwork.class);

    private final Map<String, Held> held = new LinkedHashMap<>();

    private static final class Held {
        final String before;
        final String now;
        int users = 1;

        Held(String before, String now) {
            this.before = before;
            this.now = now;
        }
    }

    /** What one user holds; closing gives it back in reverse order. */
    final class Hold implements AutoCloseable {
        private final String user;
        private final Deque<String> settings = new ArrayDeque<>();

        private Hold(String user) {
            this.user = user;
        }

        /** Sets a value, if there is such a setting and it has another. */
        void set(String setting, String value) throws IOException {
            Held other = held.get(setting);
            if (other != null) {
                other.users++;
                settings.push(setting);
                return;
            }
            String before = Sysctl.read(setting).orElse(value);
            if (!before.equals(value)) {
                Sysctl.write(setting, value);
                LOG.info("{} from {} to {} for {}", setting.replace('/', '.'), before, value, user);
                held.put(setting, new Held(before, value));
                settings.push(setting);
            }
        }

        @Override
        public void close() {
            while (!settings.isEmpty()) {
                release(settings.pop());
            }
        }

        private void release(String setting) {
            Held what = held.get(setting);
            if (what == null || --what.users > 0) {
                return;
            }
            held.remove(setting);
            if (Sysctl.read(setting).filter(what.now::equals).isPresent()) {
                try {
                    Sysctl.write(setting, what.before);
                    LOG.info("{} back to {} after {}", setting.replace('/', '.'), what.before, user);
                } catch (IOException e) {
                    LOG.warn("{} stays at {}: {}", setting.replace('/', '.'), what.now, e.getMessage());
                }
            }
        }
    }

    /** Begins to change settings for a user, who is named in the log. */
    Hold hold(String user) {
        return new Hold(user);
    }
}
