using System.Management.Automation;
using AmsMigration.Infrastructure.Catalogue;
using AmsMigration.Pipeline;
using AmsMigration.Recommendations;

namespace AmsMigration.Parameters;

/// <summary>The catalogue that a cmdlet works with: the one that ships, or a user's own.</summary>
internal static class CatalogPath
{
    private static string Shipped =>
        Path.Combine(Path.GetDirectoryName(typeof(CatalogPath).Assembly.Location)!, "..", "data", "migration-options.yaml");

    public static MigrationCatalogue ReadShipped() => CatalogueFile.Read(Path.GetFullPath(Shipped));

    /// <summary>Ends the command where it cannot be read or is not what it has to be.</summary>
    /// <param name="path">As it was typed; null for the one that ships.</param>
    public static MigrationCatalogue Read(PSCmdlet cmdlet, string? path)
    {
        string file = path is null ? Path.GetFullPath(Shipped) : FileSystemPaths.ResolveNew(cmdlet, path);
        try
        {
            return CatalogueFile.Read(file);
        }
        catch (Exception e) when (e is CatalogueException or IOException or UnauthorizedAccessException)
        {
            cmdlet.ThrowTerminatingError(e switch
            {
                CatalogueException => Errors.InvalidCatalog(file, e),
                FileNotFoundException or DirectoryNotFoundException => Errors.PathNotFound(file, e),
                _ => Errors.From(e, file),
            });
            throw;
        }
    }
}
