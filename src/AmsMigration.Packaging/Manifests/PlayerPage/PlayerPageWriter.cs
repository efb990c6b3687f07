using System.Reflection;
using System.Text;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests;

/// <summary>An index.html that plays the manifests beside it with hls.js, also beside it: nothing is fetched from elsewhere.</summary>
public static class PlayerPageWriter
{
    private const string Script = "hls.min.js";

    private static readonly Assembly _assembly = typeof(PlayerPageWriter).Assembly;

    /// <summary>The page last. Empty, with a warning, where the library was built without npm.</summary>
    /// <param name="title">For people.</param>
    /// <param name="manifestNames">Names of the presentations' manifests without extension.</param>
    public static IReadOnlyList<OutputFile> Write(string title, IReadOnlyList<string> manifestNames, ICollection<PackagingWarning> warnings)
    {
        if (Read(Script) is not byte[] script)
        {
            warnings.Add(new PackagingWarning(
                "PlayerPageUnavailable", "No player page was written: hls.js could not be restored with npm when this library was built."));
            return [];
        }

        string presentations = string.Join(", ", manifestNames.Select(name =>
            $"{{ name: {Quote(name)}, uri: {Quote(ManifestUri.Relative("index.html", name + ".m3u8"))} }}"));
        string page = Encoding.UTF8.GetString(Read("page.html")!)
            .Replace("{presentations}", $"[{presentations}]")
            .Replace("{title}", Escape(title));
        return
        [
            ManifestFile.FromBytes(Script, ContentTypes.JavaScript, script),
            ManifestFile.FromBytes("hls.js.LICENSE.txt", ContentTypes.Text, Read("hls.js.LICENSE")!),
            ManifestFile.FromText("index.html", ContentTypes.Html, page),
        ];
    }

    private static byte[]? Read(string resource)
    {
        using Stream? stream = _assembly.GetManifestResourceStream("PlayerPage." + resource);
        if (stream is null)
        {
            return null;
        }

        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    /// <summary>A JavaScript string that is safe inside a script element: everything but plain letters is escaped.</summary>
    private static string Quote(string text) =>
        "\"" + string.Concat(text.Select(c => IsPlain(c) ? c.ToString() : $"\\u{(int)c:x4}")) + "\"";

    private static bool IsPlain(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or ' ' or '.' or '-' or '_' or '%' or '/';
}
