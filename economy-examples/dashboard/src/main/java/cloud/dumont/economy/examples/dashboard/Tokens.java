package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.usage.AccountId;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is who: only digests of the tokens are kept, and each look-up compares with all of them, so that its time tells nothing. */
final class Tokens {

    private static final int RANDOM_BYTES = 32;

    private final List<byte[]> digests = new ArrayList<>();
    private final List<AccountId> accounts = new ArrayList<>();

    Tokens(Map<String, AccountId> accountByToken) {
        accountByToken.forEach((token, account) -> {
            digests.add(Sha256.of(token));
            accounts.add(account);
        });
    }

    /** A new token that nobody can guess, fit for an address. */
    static String generate() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Optional<AccountId> account(String token) {
        byte[] digest = Sha256.of(token);
        int found = -1;
        for (int i = 0; i < digests.size(); i++) {
            if (MessageDigest.isEqual(digests.get(i), digest)) {
                found = i;
            }
        }
        return found < 0 ? Optional.empty() : Optional.of(accounts.get(found));
    }
}
