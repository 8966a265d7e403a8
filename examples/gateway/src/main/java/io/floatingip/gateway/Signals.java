package io.floatingip.gateway;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. Java has no other way to hear them than {@code sun.misc.Signal} of the module jdk.unsupported, which the
 * compiler would warn of; so it is looked up.
 */
final class Signals {
    private Signals() {}

    /** Runs something at each signal of a name without SIG, on a thread of its own; does nothing where there are no signals. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handle = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> self == arguments[0];
                            default -> "handler of SIG" + name;
                        };
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handle);
        } catch (ReflectiveOperationException e) {
            System.getLogger(Signals.class.getName()).log(System.Logger.Level.WARNING, "cannot hear SIG" + name, e);
        }
    }
}
