package io.medallion.warehouse.snowflake;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** An RSA key as PKCS#8 in PEM, encrypted or not. */
final class PrivateKeyPem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.+?)-----END", Pattern.DOTALL);
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String PLAIN = "PRIVATE KEY";

  private PrivateKeyPem() {}

  /**
   * Reads a key.
   *
   * @throws GeneralSecurityException where it is no such key or the passphrase is not its own; the
   *     message never holds a part of either
   */
  static PrivateKey read(String pem, Optional<String> passphrase) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new GeneralSecurityException("it has no line -----BEGIN ENCRYPTED PRIVATE KEY-----");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
    PKCS8EncodedKeySpec key =
        switch (block.group(1)) {
          case PLAIN -> new PKCS8EncodedKeySpec(bytes);
          case ENCRYPTED ->
              decrypt(
                  bytes,
                  passphrase.orElseThrow(
                      () ->
                          new GeneralSecurityException(
                              "it is encrypted, and no private_key_passphrase is given")));
          default ->
              throw new GeneralSecurityException(
                  "it is a "
                      + block.group(1)
                      + " and not PKCS#8: openssl pkcs8 -topk8 converts it");
        };
    return KeyFactory.getInstance("RSA").generatePrivate(key);
  }

  private static PKCS8EncodedKeySpec decrypt(byte[] bytes, String passphrase)
      throws GeneralSecurityException {
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
      // For PBES2 the parameters name the algorithm, and the name of the algorithm is of no use.
      String algorithm = info.getAlgParameters().toString();
      String name = algorithm.startsWith("PBE") ? algorithm : info.getAlgName();
      Cipher cipher = Cipher.getInstance(name);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(name)
              .generateSecret(new PBEKeySpec(passphrase.toCharArray())),
          info.getAlgParameters());
      return info.getKeySpec(cipher);
    } catch (IOException | GeneralSecurityException e) {
      throw new GeneralSecurityException("the passphrase does not open it", e);
    }
  }
}
