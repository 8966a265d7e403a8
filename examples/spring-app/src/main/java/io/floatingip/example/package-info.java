/** A Spring Boot application with a floating IP. */
package io.floatingip.example;
