using AmsMigration.Packaging.Planning;
using AmsMigration.TestSupport;

namespace AmsMigration.Interop.Tests;

/// <summary>The assets that tests are run on: folders of tests/fixtures/assets, and real ones under ../shared/assets.</summary>
public static class Media
{
    private const string SharedPrefix = "shared/";

    /// <summary>Fixtures of which not everything converts: <see cref="DamagedAssetTests"/>.</summary>
    private static readonly string[] _damaged = ["damaged", "damaged-header", "hostile", "missing-files"];

    /// <summary>Every sample of these is in the output. A new fixture is one of them unless it is named above.</summary>
    private static readonly string[] _sound =
    [
        .. Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "fixtures", "assets")).Select(folder => Path.GetFileName(folder)).Except(_damaged).Order(StringComparer.Ordinal),
        SharedPrefix + "mbr-mp4-interview1",
        SharedPrefix + "smooth-small",
    ];

    public static TheoryData<string> All => [.. _sound];

    public static TheoryData<string> Smooth => ["smooth", SharedPrefix + "smooth-small"];

    public static MatrixTheoryData<string, OutputLayout> AllInBothLayouts => new(_sound, [OutputLayout.SingleFile, OutputLayout.Segmented]);

    /// <summary>The asset's folder; skips the test where the machine lacks it.</summary>
    public static string Folder(string asset) => asset.StartsWith(SharedPrefix, StringComparison.Ordinal)
        ? Needs.Shared("assets/" + asset[SharedPrefix.Length..])
        : Path.Combine(Repository.Root, "tests", "fixtures", "assets", asset);
}
