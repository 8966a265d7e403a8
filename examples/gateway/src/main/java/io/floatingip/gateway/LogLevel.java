package io.floatingip.gateway;

/** As the logging library names them. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** Read by logback.xml when the first logger is made, which the library does. */
    public void set() {
        System.setProperty("floatingip.log.level", name());
    }
}
