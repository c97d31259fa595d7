package cloud.dumont.economy.examples.dashboard;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Under which names this host answers. A page of somebody else can make a browser ask a name of theirs that leads here (DNS rebinding), and
 * would then read the answers as its own: so names are on a list. Plain addresses need no entry, as nobody can make one lead elsewhere.
 */
final class Hosts {

    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");

    private final Set<String> names;

    /**
     * A list.
     *
     * @param names beside localhost, in any case
     */
    Hosts(Collection<String> names) {
        this.names = names.stream().map(Hosts::plain).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Checks the header of a request.
     *
     * @throws HttpProblem if it is missing, or names a host that is not on the list
     */
    void check(Call call) {
        String host = call.header("Host")
                .map(Hosts::plain)
                .orElseThrow(() -> HttpProblem.badHost("the header Host is missing"));
        if (!isLocal(host) && !ADDRESS.matcher(host).matches() && !names.contains(host)) {
            throw HttpProblem.badHost("this host does not answer as '" + host
                    + "'; allowed: localhost, its addresses, and names given with --host or --allow-host");
        }
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.endsWith(".localhost");
    }

    /** In lower case, without port and without the point that may end a name. */
    private static String plain(String host) {
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
