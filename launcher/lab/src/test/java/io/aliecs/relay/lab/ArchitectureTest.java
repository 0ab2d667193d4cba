package io.aliecs.relay.lab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.aliecs.relay.web.WebOptions;

/** The direction of dependencies between all modules, seen from the one that knows them all. */
@AnalyzeClasses(packages = "io.aliecs.relay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.aliecs.relay.";
  private static final String[] VERTICLES = {
    ROOT + "config..",
    ROOT + "consul..",
    ROOT + "registration..",
    ROOT + "ingest..",
    ROOT + "environment..",
    ROOT + "journal..",
    ROOT + "hosts..",
    ROOT + "publisher..",
    ROOT + "reconcile..",
    ROOT + "kafka..",
    ROOT + "retry..",
    ROOT + "trace..",
    ROOT + "web.."
  };

  @ArchTest
  static final ArchRule dependenciesRunOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("proto")
          .definedBy(ROOT + "proto..")
          .layer("shared")
          .definedBy(ROOT + "domain..", ROOT + "bus..", ROOT + "settings..", ROOT + "text..")
          .layer("verticles")
          .definedBy(VERTICLES)
          .layer("host")
          .definedBy(ROOT + "host..")
          .layer("lab")
          .definedBy(ROOT + "lab..")
          .layer("testkit")
          .definedBy(ROOT + "testkit..")
          .whereLayer("lab")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("host")
          .mayOnlyBeAccessedByLayers("lab")
          .whereLayer("verticles")
          .mayOnlyBeAccessedByLayers("host", "lab")
          .whereLayer("shared")
          .mayOnlyBeAccessedByLayers("verticles", "host", "lab")
          .whereLayer("testkit")
          .mayOnlyBeAccessedByLayers("lab");

  @ArchTest
  static final ArchRule eachPackageBelongsToAModule =
      classes()
          .that()
          .resideInAPackage(ROOT + ".")
          .should()
          .resideInAnyPackage(
              ROOT + "proto..",
              ROOT + "domain..",
              ROOT + "bus..",
              ROOT + "settings..",
              ROOT + "text..",
              ROOT + "config..",
              ROOT + "consul..",
              ROOT + "registration..",
              ROOT + "ingest..",
              ROOT + "environment..",
              ROOT + "journal..",
              ROOT + "hosts..",
              ROOT + "publisher..",
              ROOT + "reconcile..",
              ROOT + "kafka..",
              ROOT + "retry..",
              ROOT + "trace..",
              ROOT + "web..",
              ROOT + "host..",
              ROOT + "lab..",
              ROOT + "testkit..");

  @ArchTest
  static final ArchRule verticlesKnowNoOtherVerticle =
      SlicesRuleDefinition.slices()
          .matching(
              ROOT + "(config|registration|ingest|environment|publisher|reconcile|trace|web)..")
          .should()
          .notDependOnEachOther()
          // where the relay listens, which it registers
          .ignoreDependency(resideInAPackage(ROOT + "registration.."), type(WebOptions.class));

  @ArchTest
  static final ArchRule onlyTheEnvironmentVerticleKnowsTheJournal =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "environment..", ROOT + "hosts..", ROOT + "journal..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ROOT + "journal..", ROOT + "hosts..")
                  .and(not(nameEndingWith("Options")))
                  .and(
                      not(
                          nameEndingWith(
                              "ClusterCertificates")))); // the loader of settings reads them

  @ArchTest
  static final ArchRule theRoomsOfTheJournalHaveNoCycles =
      SlicesRuleDefinition.slices()
          .matching(
              ROOT
                  + "(environment|hosts|journal|journal.codec|journal.disk|journal.group|journal.peers|journal.tls)")
          .should()
          .beFreeOfCycles();

  @ArchTest
  static final ArchRule theRoomsOfTheWebHaveNoCycles =
      SlicesRuleDefinition.slices().matching(ROOT + "web.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRoomsOfTheHostHaveNoCycles =
      SlicesRuleDefinition.slices().matching(ROOT + "host.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRoomsOfTheLabHaveNoCycles =
      SlicesRuleDefinition.slices().matching(ROOT + "lab.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRoomsOfTheBenchHaveNoCycles =
      rooms("lab.bench|lab.bench.delivery|lab.bench.figures|lab.bench.startup|lab.bench.web");

  @ArchTest
  static final ArchRule theRoomsOfTheDomainBusAndConfigHaveNoCycles =
      rooms(
          "bus|bus.status|config|config.document|domain|domain.aliecs|domain.message|domain.command|domain.environment");

  @ArchTest
  static final ArchRule theRoomsOfTheStreamHaveNoCycles =
      rooms("ingest|ingest.session|ingest.stream|ingest.mapping");

  @ArchTest
  static final ArchRule theRoomsOfThePublisherHaveNoCycles =
      rooms(
          "publisher|publisher.kafka|publisher.records|publisher.session|publisher.topics|publisher.watch");

  @ArchTest
  static final ArchRule theRoomsOfVerifyHaveNoCycles =
      rooms(
          "lab.verify|lab.verify.plan|lab.verify.expected|lab.verify.check"
              + "|lab.verify.check.adoption|lab.verify.load|lab.verify.site|lab.verify.hosts"
              + "|lab.verify.fault");

  @ArchTest
  static final ArchRule theRoomsOfCheckHaveNoCycles = rooms("host.check|host.check.station");

  @ArchTest
  static final ArchRule theRoomsOfSimulateHaveNoCycles = rooms("lab.simulate|lab.simulate.events");

  @ArchTest
  static final ArchRule theRoomsOfTheTestkitHaveNoCycles =
      rooms("testkit|testkit.consul|testkit.kafka|testkit.proxy|testkit.standin|testkit.junit");

  private static ArchRule rooms(String names) {
    return SlicesRuleDefinition.slices()
        .matching(ROOT + "(" + names + ")")
        .should()
        .beFreeOfCycles();
  }

  @ArchTest
  static final ArchRule domainKnowsNoFramework =
      classes()
          .that()
          .resideInAPackage(ROOT + "domain..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(ROOT + "domain..", "java..", "org.pcollections..", "org.jspecify..");

  @ArchTest
  static final ArchRule onlyTheJournalKnowsRatis =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "journal..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.ratis..");

  @ArchTest
  static final ArchRule onlyAdaptersOfKafkaKnowItsClients =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              ROOT + "publisher..",
              ROOT + "ingest..",
              ROOT + "kafka..",
              ROOT + "host.compare..",
              ROOT + "host.tail..",
              ROOT + "host.topics..",
              ROOT + "lab.bench..",
              ROOT + "lab.simulate..",
              ROOT + "lab.verify..",
              ROOT + "testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "kafka..");
}
