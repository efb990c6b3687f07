using System.Text.RegularExpressions;

namespace AmsMigration.Recommendations;

/// <summary>Looks entities of version 2 up, and finds them in code.</summary>
public static class VersionGuideSearch
{
    /// <summary>Bytes; what is longer was not written by people.</summary>
    private const long MaxFileLength = 4 * 1024 * 1024;

    private static readonly HashSet<string> SkippedFolders = new(StringComparer.OrdinalIgnoreCase) { ".git", ".vs", "bin", "obj", "node_modules", "packages" };

    private static readonly HashSet<string> CodeExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cs", ".vb", ".fs", ".java", ".js", ".ts", ".py", ".php", ".rb", ".go", ".ps1", ".psm1", ".json", ".xml", ".config", ".yml", ".yaml", ".sh", ".http", ".csproj",
    };

    /// <summary>All entities of the guide, in its order.</summary>
    public static IReadOnlyList<AmsVersionedEntity> List(MigrationCatalogue catalogue) =>
        [.. catalogue.VersionGuide.Entities.Select(entity => Tell(catalogue, entity, []))];

    /// <summary>Those that files name, each with the files. Folders are looked through with all below them.</summary>
    /// <param name="path">Full path of a file or folder that is there.</param>
    public static IReadOnlyList<AmsVersionedEntity> Find(MigrationCatalogue catalogue, string path, CancellationToken cancellation)
    {
        List<(VersionedEntity Entity, Regex Pattern, List<string> Found)> searches =
            [.. catalogue.VersionGuide.Entities.Where(entity => entity.Identifiers.Count > 0).Select(entity => (entity, Pattern(entity), new List<string>()))];
        foreach (string file in File.Exists(path) ? [path] : CodeFiles(path))
        {
            cancellation.ThrowIfCancellationRequested();
            Search(file, searches);
        }

        return [.. searches.Where(search => search.Found.Count > 0).Select(search => Tell(catalogue, search.Entity, [.. search.Found]))];
    }

    private static void Search(string file, List<(VersionedEntity Entity, Regex Pattern, List<string> Found)> searches)
    {
        if (new FileInfo(file).Length > MaxFileLength)
        {
            return;
        }

        string text = File.ReadAllText(file);
        foreach ((_, Regex pattern, List<string> found) in searches)
        {
            Match match = pattern.Match(text);
            if (match.Success)
            {
                int line = 1 + text.Take(match.Index).Count(c => c == '\n');
                found.Add($"{file}:{line}");
            }
        }
    }

    private static IEnumerable<string> CodeFiles(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => CodeExtensions.Contains(Path.GetExtension(file))).OrderBy(f => f, StringComparer.Ordinal))
        {
            yield return file;
        }

        foreach (string below in Directory.EnumerateDirectories(folder).OrderBy(f => f, StringComparer.Ordinal))
        {
            // A link may lead back to where it lies.
            if (!SkippedFolders.Contains(Path.GetFileName(below)) && (File.GetAttributes(below) & FileAttributes.ReparsePoint) == 0)
            {
                foreach (string file in CodeFiles(below))
                {
                    yield return file;
                }
            }
        }
    }

    /// <summary>Whole words, letter case as it is: version 2 has ITask and IAsset, and every code base has tasks and assets.</summary>
    private static Regex Pattern(VersionedEntity entity) =>
        new($@"(?<!\w)(?:{string.Join("|", entity.Identifiers.Select(Regex.Escape))})(?:(?<=:)|(?!\w))", RegexOptions.CultureInvariant);

    private static AmsVersionedEntity Tell(MigrationCatalogue catalogue, VersionedEntity entity, string[] foundIn)
    {
        VersionGuide guide = catalogue.VersionGuide;
        string page = guide.Scenarios.First(scenario => scenario.Title == entity.Scenario).Link;
        return new AmsVersionedEntity
        {
            V2 = entity.V2,
            V3 = entity.V3,
            ReadByV3 = entity.ReadByV3,
            WrittenByV3 = entity.WrittenByV3,
            Note = entity.Note,
            Scenario = entity.Scenario,
            Link = new Uri(new Uri(catalogue.Sources[guide.Source].Link), page).ToString(),
            Identifiers = [.. entity.Identifiers],
            FoundIn = foundIn,
            Statement = guide.Statement,
        };
    }
}
