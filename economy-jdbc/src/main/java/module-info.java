/** History and prices in a relational database, through JDBC. */
module cloud.dumont.economy.jdbc {
    requires transitive cloud.dumont.economy.core;
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;
    requires flyway.core;
    requires org.slf4j;

    // Jdbi is an automatic module and cannot say so itself: without this it would not find the module at run time.
    requires io.leangen.geantyref;

    exports cloud.dumont.economy.jdbc;
}
