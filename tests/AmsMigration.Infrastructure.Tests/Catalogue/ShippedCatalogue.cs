using AmsMigration.Infrastructure.Catalogue;
using AmsMigration.Recommendations;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.Catalogue;

internal static class ShippedCatalogue
{
    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "data", "migration-options.yaml");

    public static MigrationCatalogue Content { get; } = CatalogueFile.Read(Path);
}
