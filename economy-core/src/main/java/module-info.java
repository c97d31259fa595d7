/** What a GPU fleet saves against the clouds' list prices, exactly, without a framework. */
@SuppressWarnings("module") // Jackson 3 need not be there
module cloud.dumont.economy.core {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.databind;
    requires com.github.benmanes.caffeine;
    requires de.siegmar.fastcsv;
    requires transitive java.net.http;
    requires org.slf4j;

    exports cloud.dumont.economy;
    exports cloud.dumont.economy.equivalence;
    exports cloud.dumont.economy.gpu;
    exports cloud.dumont.economy.history;
    exports cloud.dumont.economy.money;
    exports cloud.dumont.economy.polling;
    exports cloud.dumont.economy.pricing;
    exports cloud.dumont.economy.pricing.feed;
    exports cloud.dumont.economy.pricing.source;
    exports cloud.dumont.economy.provider;
    exports cloud.dumont.economy.savings;
    exports cloud.dumont.economy.usage;

    // The values whose JSON is not their public accessors, for either Jackson of a host.
    opens cloud.dumont.economy.equivalence to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
    opens cloud.dumont.economy.gpu to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
    opens cloud.dumont.economy.money to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
    opens cloud.dumont.economy.pricing to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
    opens cloud.dumont.economy.provider to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
    opens cloud.dumont.economy.savings to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
    opens cloud.dumont.economy.usage to
            com.fasterxml.jackson.databind,
            tools.jackson.databind;
}
