package io.aliecs.relay.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

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
    ROOT + "web.."
  };

  @ArchTest
  static final ArchRule dependenciesRunOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("proto")
          .definedBy(ROOT + "proto..")
          .layer("shared")
          .definedBy(
              ROOT + "domain..",
              ROOT + "bus..",
              ROOT + "settings..",
              ROOT + "text..",
              ROOT + "tls..")
          .layer("verticles")
          .definedBy(VERTICLES)
          .layer("dev")
          .definedBy(ROOT + "dev..")
          .layer("launcher")
          .definedBy(ROOT + "launcher..")
          .whereLayer("launcher")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("verticles")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("dev")
          .mayOnlyBeAccessedByLayers("launcher")
          .whereLayer("shared")
          .mayOnlyBeAccessedByLayers("verticles", "launcher");

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
              ROOT + "tls..",
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
              ROOT + "web..",
              ROOT + "dev..",
              ROOT + "launcher..");

  @ArchTest
  static final ArchRule verticlesKnowNoOtherVerticle =
      SlicesRuleDefinition.slices()
          .matching(ROOT + "(config|registration|ingest|environment|publisher|reconcile|web)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule onlyTheEnvironmentVerticleKnowsTheJournal =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "environment..", ROOT + "hosts..", ROOT + "journal..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "journal..", ROOT + "hosts..");

  @ArchTest
  static final ArchRule theRoomsOfTheJournalHaveNoCycles =
      SlicesRuleDefinition.slices()
          .matching(ROOT + "(environment|hosts|journal|journal.codec|journal.disk|journal.peers)")
          .should()
          .beFreeOfCycles();

  @ArchTest
  static final ArchRule theRoomsOfTheWebHaveNoCycles =
      SlicesRuleDefinition.slices().matching(ROOT + "web.(*)..").should().beFreeOfCycles();

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
              ROOT + "launcher.simulate..",
              ROOT + "launcher.tail..",
              ROOT + "launcher.verify..",
              ROOT + "dev..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "kafka..");

  /** They are not in the production package: whoever else knew them would not load there. */
  @ArchTest
  static final ArchRule onlyTheCommandsOfACheckoutKnowTheEmbeddedServices =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "dev..", ROOT + "launcher.verify..")
          .and(
              isNot(
                  "DevCommand",
                  "EmbeddedServices",
                  "EmbeddedConsul",
                  "JournalPorts",
                  "SimulatedCore"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "dev..");

  private static DescribedPredicate<JavaClass> isNot(String... names) {
    return DescribedPredicate.describe(
        "are not " + String.join(" or ", names),
        type -> {
          for (String name : names) {
            String whole = ROOT + "launcher." + name;
            if (type.getName().equals(whole) || type.getName().startsWith(whole + "$")) {
              return false;
            }
          }
          return true;
        });
  }
}
