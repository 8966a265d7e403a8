package io.floatingip.gateway;

/** The gateway as a program: {@code java -jar gateway.jar FILE}. */
public final class Gateway {
    private Gateway() {}

    /** Ends the JVM. */
    public static void main(String[] args) {
        throw new UnsupportedOperationException();
    }
}
