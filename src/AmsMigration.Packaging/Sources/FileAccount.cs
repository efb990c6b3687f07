using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>Sees to it that no file of an asset is passed over in silence: what is not converted is named, since containers are deleted afterwards.</summary>
internal static class FileAccount
{
    /// <summary>What encoders and Media Services wrote beside media, to find their way in them.</summary>
    private static readonly string[] SideFiles = [".ism", ".ismc", ".mpi", "_manifest.xml", "_manifest.json", "_metadata.xml", "_metadata.json"];

    /// <summary>A word for each media file of <paramref name="others"/> that nobody looked at.</summary>
    /// <param name="looked">Paths of files that a manifest names, or that were taken without one: tracks, or warnings, say what became of them.</param>
    /// <param name="hasManifests">False where there is none, so that media files are taken where they lie.</param>
    public static IEnumerable<PackagingWarning> DescribeMedia(IEnumerable<AssetFile> others, HashSet<string> looked, bool hasManifests) =>
        from file in others
        where AssetReader.IsMedia(file) && !looked.Contains(file.Path)
        select new PackagingWarning(
            "MediaNotNamed",
            (hasManifests ? "No manifest names it" : "It lies apart from the media that are converted, and no manifest names it") + ", so it is not converted; -CopyNonStreamable copies it.",
            file.Path);

    /// <summary>Those of <paramref name="others"/> that nothing speaks of and that are worth something: documents, images, media in containers that are not read.</summary>
    public static IReadOnlyList<AssetFile> FindUnmentioned(
        IEnumerable<AssetFile> others, HashSet<string> looked, IReadOnlyList<PackagingWarning> warnings, IEnumerable<string> used)
    {
        HashSet<string> mentioned = [.. warnings.Select(warning => warning.File).OfType<string>(), .. used];
        return
        [
            .. others.Where(file =>
                !looked.Contains(file.Path) && !mentioned.Contains(file.Path) && !Array.Exists(SideFiles, end => file.Path.EndsWith(end, StringComparison.OrdinalIgnoreCase))),
        ];
    }
}
