package io.aliecs.relay.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the certificate that is in force. Always the same one, whatever authorities the other side
 * names: it refuses it then, and says so.
 */
final class CurrentKeyManager extends X509ExtendedKeyManager {
  private final ClusterCertificates certificates;

  CurrentKeyManager(ClusterCertificates certificates) {
    this.certificates = certificates;
  }

  private @Nullable String alias(String... keyTypes) {
    Identity current = certificates.current();
    return Arrays.asList(keyTypes).contains(current.key().getAlgorithm()) ? current.alias() : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  private String @Nullable [] aliases(String keyType) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Identity named = certificates.named(alias);
    return named == null ? null : named.chainArray();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Identity named = certificates.named(alias);
    return named == null ? null : named.key();
  }
}
