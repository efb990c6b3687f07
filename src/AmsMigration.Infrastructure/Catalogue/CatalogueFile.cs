using AmsMigration.Recommendations;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AmsMigration.Infrastructure.Catalogue;

/// <summary>Reads a catalogue of migration options from YAML (docs/migration-options.md).</summary>
public static class CatalogueFile
{
    /// <summary>Bytes; a hundred times what a large catalogue has.</summary>
    private const long MaxLength = 4 * 1024 * 1024;

    private const int MaxDepth = 16;

    /// <param name="path">Full path.</param>
    /// <exception cref="CatalogueException">With line, column, what was found and what was expected.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MigrationCatalogue Read(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxLength)
        {
            throw new CatalogueException(path, 1, 1, $"the file has {length} bytes; expected at most {MaxLength}");
        }

        return Parse(path, File.ReadAllText(path));
    }

    /// <param name="path">For messages.</param>
    internal static MigrationCatalogue Parse(string path, string text)
    {
        try
        {
            RefuseWhatIsNotPlain(path, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1
                ? new CatalogueReader(path).Read(stream.Documents[0].RootNode)
                : throw new CatalogueException(path, 1, 1, $"the file has {stream.Documents.Count} documents; expected one");
        }
        catch (YamlException e)
        {
            throw new CatalogueException(path, e.Start.Line, e.Start.Column, $"this is not valid YAML: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>Aliases can make a small file huge, tags ask for types, and depth costs stack: a catalogue needs none of them.</summary>
    private static void RefuseWhatIsNotPlain(string path, string text)
    {
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (MoveNext(path, parser))
        {
            ParsingEvent current = parser.Current!;
            depth += current.NestingIncrease;
            string? refused = current switch
            {
                AnchorAlias => "an alias",
                NodeEvent { Anchor.IsEmpty: false } => "an anchor",
                NodeEvent { Tag.IsEmpty: false } => "a tag",
                _ when depth > MaxDepth => $"more than {MaxDepth} levels",
                _ => null,
            };
            if (refused is not null)
            {
                throw new CatalogueException(path, current.Start.Line, current.Start.Column, $"{refused} is found; expected plain values");
            }
        }
    }

    /// <summary>The scanner of YamlDotNet 16 breaks on some lists that do not end.</summary>
    private static bool MoveNext(string path, Parser parser)
    {
        Mark place = parser.Current?.End ?? Mark.Empty;
        try
        {
            return parser.MoveNext();
        }
        catch (InvalidOperationException e)
        {
            throw new CatalogueException(path, place.Line, place.Column, "this is not valid YAML from here on; expected the end of what was begun", e);
        }
    }
}
