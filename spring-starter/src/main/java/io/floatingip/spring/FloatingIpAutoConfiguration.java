package io.floatingip.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Joins the floating IPs that are configured by {@link FloatingIpProperties}; each is a bean. */
@AutoConfiguration
@ConditionalOnProperty(name = "floatingip.enabled", matchIfMissing = true)
@EnableConfigurationProperties(FloatingIpProperties.class)
public class FloatingIpAutoConfiguration {}
