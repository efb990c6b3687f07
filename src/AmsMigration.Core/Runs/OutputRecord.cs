using System.Text;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Runs;

internal enum RecordState
{
    /// <summary>Media may be there, of this conversion and of no other; manifests may be missing.</summary>
    InProgress,

    /// <summary>Every file was written.</summary>
    Complete,

    /// <summary>Somebody asked for the conversion to be made again; the files are those of the last one.</summary>
    Cleared,
}

/// <summary>
/// What <c>_static.json</c> beside an output says: what was made, of what, how, and whether it is complete. Its schema is described in
/// about_AmsMigration_Runs.
/// </summary>
internal sealed record OutputRecord
{
    public const string Path = "_static.json";

    /// <summary>Bytes of a record that is read: some 200,000 files.</summary>
    public const int MaxLength = 32 << 20;

    /// <summary>Live archives have a file a fragment: beyond this, the fingerprint alone stands for them.</summary>
    public const int MaxSourceFiles = 10_000;

    public required RecordState State { get; init; }

    public required string AssetName { get; init; }

    /// <summary>Full path or URI of the asset, without any secret.</summary>
    public required string Source { get; init; }

    /// <summary>Of source files and options; see <see cref="Fingerprint"/>.</summary>
    public required string Conversion { get; init; }

    /// <summary>Of the planned files; see <see cref="Fingerprint"/>.</summary>
    public required string Layout { get; init; }

    /// <summary>Files of the output in the order in which they become visible, without the record, with their lengths in bytes.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Files { get; init; }

    /// <summary>The record says that nothing was packaged: all files are copies of the source's.</summary>
    public bool IsCopy { get; init; }

    /// <summary>The record of what a plan makes, as the bytes of its file.</summary>
    public static byte[] Write(ConversionPlan plan, RecordState state, DateTime utc)
    {
        var json = new JsonBuilder(linesToDepth: 2);
        json.Add("schema", RecordReader.Schema)
            .Add("tool", $"AmsMigration {Fingerprint.ToolVersion}")
            .Add("written", utc)
            .Add("asset", plan.Asset.AssetName)
            .Add("source", plan.Source.Location)
            .Add("conversion", plan.Fingerprint.Conversion)
            .Add("layout", plan.Fingerprint.Layout)
            .AddObject("options", options => plan.Options.Describe(options))
            .Add("sourceFileCount", plan.SourceFiles.Count)
            .AddList("sourceFiles", plan.SourceFiles.Take(MaxSourceFiles), Describe)
            .AddList("presentations", plan.Presentations.Select(p => p.ManifestName), (item, name) => item
                .Add("name", name).Add("hls", name + ".m3u8").Add("dash", name + ".mpd"))
            .AddList("files", plan.ContentFiles, (item, file) => item.Add("path", file.Path).Add("length", file.Length))
            .AddList("warnings", plan.Warnings.Select(warning => warning.ToString()))
            .Add("state", state.ToString());
        return Encoding.UTF8.GetBytes(json.Build() + "\n");
    }

    /// <summary>What it says, and no more, as the bytes of its file.</summary>
    public byte[] Write(DateTime utc) => Encoding.UTF8.GetBytes(new JsonBuilder(linesToDepth: 2)
        .Add("schema", RecordReader.Schema)
        .Add("tool", $"AmsMigration {Fingerprint.ToolVersion}")
        .Add("written", utc)
        .Add("asset", AssetName)
        .Add("source", Source)
        .Add("conversion", Conversion)
        .Add("layout", Layout)
        .AddList("files", Files, (item, file) => item.Add("path", file.Key).Add("length", file.Value))
        .Add("state", State.ToString())
        .Build() + "\n");

    /// <summary>Puts a record in its place, at once. One that was there stays until then, and is never taken away.</summary>
    public static async Task<TransferResult> PutAsync(IOutputStore output, byte[] content, CancellationToken cancellation, string path = Path)
    {
        using IOutputFile file = await output.CreateAsync(path, content.Length, ContentTypes.Of(path), null, cancellation).ConfigureAwait(false);
        await file.WriteAsync(content, 0, content.Length, cancellation).ConfigureAwait(false);
        await file.CommitAsync(cancellation).ConfigureAwait(false);
        return new TransferResult(0, content.Length, 1);
    }

    private static void Describe(JsonBuilder item, AssetFile file)
    {
        item.Add("path", file.Path).Add("length", file.Length).Add("etag", file.ETag);
        if (file.LastModified is DateTimeOffset modified)
        {
            item.Add("modified", modified.UtcDateTime);
        }
    }
}
