using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;

[assembly: AssemblyFixture(typeof(AmsMigration.Interop.Tests.Outputs))]

namespace AmsMigration.Interop.Tests;

/// <summary>The assets, each converted once in each layout, for all tests of the assembly.</summary>
public sealed class Outputs : IDisposable
{
    private readonly Dictionary<(string, OutputLayout), Task<Output>> _outputs = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("amsmigration-interop-").FullName;

    public Task<Output> GetAsync(string asset, OutputLayout layout)
    {
        string source = Media.Folder(asset);
        lock (_outputs)
        {
            if (!_outputs.TryGetValue((asset, layout), out Task<Output>? output))
            {
                output = _outputs[(asset, layout)] = ConvertAsync(source, layout);
            }

            return output;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task<Output> ConvertAsync(string source, OutputLayout layout)
    {
        var store = new LocalAssetStore(source);
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            PathTemplate = PathTemplate.Parse($"{layout}/{{AssetName}}"),
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, new LocalDestination(Folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());

        AssetContent content = await AssetReader.ReadAsync(store, default);
        Track[] tracks = [.. content.Presentations.SelectMany(presentation => presentation.Tracks)];
        ILookup<bool, AmsTrack> written = result.Tracks.ToLookup(track => track.Type == "Text");
        Assert.Equal(tracks.Length, written[false].Count());
        Assert.Equal(content.Presentations.Sum(presentation => presentation.Texts.Count), written[true].Count());
        return new Output(source, result, [.. written[false].Zip(tracks, (track, from) => new OutputTrack(result, track, from, source))], [.. written[true]]);
    }
}

/// <summary>A converted asset.</summary>
/// <param name="Source">The asset's folder.</param>
/// <param name="Tracks">Pictures and sounds.</param>
/// <param name="Texts">Subtitles and captions.</param>
public sealed record Output(string Source, AmsConversionResult Result, IReadOnlyList<OutputTrack> Tracks, IReadOnlyList<AmsTrack> Texts);

/// <summary>A track of an output and what it was made from.</summary>
public sealed record OutputTrack(AmsConversionResult Result, AmsTrack Track, Track Source, string SourceFolder)
{
    public string SourceFile => Path.Combine(SourceFolder, Source.SourceFile);

    public bool IsSmooth => SourceFile.EndsWith(".ismv", StringComparison.Ordinal);

    public string MediaPlaylist => Path.Combine(Result.Destination, Track.Presentation, Track.Name + ".m3u8");

    /// <summary>One file with the whole track: in a segmented layout, what the playlist names, joined.</summary>
    public string JoinedFile()
    {
        string first = Path.Combine(Result.Destination, Track.File);
        string[] segments = [.. File.ReadLines(MediaPlaylist).Where(line => line.Length > 0 && line[0] != '#').Distinct()];
        string[] files = [.. segments.Select(uri => Path.Combine(Path.GetDirectoryName(MediaPlaylist)!, Uri.UnescapeDataString(uri)))];
        if (files.SequenceEqual([first]))
        {
            return first;
        }

        string joined = Path.Combine(Path.GetDirectoryName(first)!, $"joined-{Guid.NewGuid():N}.mp4");
        using FileStream output = File.Create(joined);
        foreach (string file in files.Prepend(first))
        {
            using FileStream input = File.OpenRead(file);
            input.CopyTo(output);
        }

        return joined;
    }
}
