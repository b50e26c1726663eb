package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password (RFC 5803, SCRAM-SHA-256), so that neither it nor its log ever
 * sees the password.
 */
final class ScramVerifier {

    private static final int ITERATIONS = 4096;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;

    private ScramVerifier() {}

    /** With a salt of its own; ASCII only, since other characters would have to be prepared. */
    static String of(String password) {
        if (password.isEmpty() || !password.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw CommandException.wrongUsage(
                    "the tenant's password is empty or holds other characters than printable ASCII");
        }
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return of(password, salt);
    }

    static String of(String password, byte[] salt) {
        try {
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(
                                    new PBEKeySpec(
                                            password.toCharArray(), salt, ITERATIONS, KEY_BITS))
                            .getEncoded();
            byte[] storedKey =
                    MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            Base64.Encoder base64 = Base64.getEncoder();
            return "SCRAM-SHA-256$"
                    + ITERATIONS
                    + ":"
                    + base64.encodeToString(salt)
                    + "$"
                    + base64.encodeToString(storedKey)
                    + ":"
                    + base64.encodeToString(hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }
}
