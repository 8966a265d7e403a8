package io.floatingip.spring.aot;

import org.springframework.beans.factory.aot.AotException;

/** Has no stack trace: the build prints the sentence and nothing else. */
final class NativeImageNotSupportedException extends AotException {
    private static final long serialVersionUID = 1;

    NativeImageNotSupportedException() {
        super(
                "A floating IP cannot be part of a native image, because its kernel binding (jnr-ffi) generates code at run time:"
                        + " run this application on a JVM without ahead-of-time processing,"
                        + " or build it with floatingip.enabled=false.",
                null);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
