package io.floatingip.spring.actuate;

import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Keeps the secrets of VRRP out of the endpoints {@code env} and {@code configprops}, also where these show values. Not conditional on {@code
 * floatingip.enabled}: the properties are there all the same.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public class SecretsAutoConfiguration {
    /** However it is written: floatingip.instances.web.authentication.password, FLOATINGIP_AUTHENTICATION_HMAC_KEYS_1. */
    private static final Pattern SECRET = Pattern.compile(
            "floatingip[._].*authentication[._](password|header|hmac[._]keys).*", Pattern.CASE_INSENSITIVE);

    @Bean
    SanitizingFunction floatingIpSecrets() {
        return data -> SECRET.matcher(data.getKey()).matches() ? data.withSanitizedValue() : data;
    }
}
