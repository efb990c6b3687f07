using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Presentations;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Core.Tests.Conversion;

/// <summary>What is converted as soon as it was looked at is read once.</summary>
public sealed class AssetReadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-reading-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Headers_that_were_read_to_describe_an_archive_are_not_read_to_plan_it()
    {
        var store = new ProbedAssetStore(new LiveArchiveMaker("ll-cmaf")
        {
            Streams = [MadeStream.Of("live.mp4", TrackKind.Video, 90_000, 90_000 * 1000L), MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, 48_000 * 1000L)],
            ChunkSamples = 5,
        }.ToStore());
        var destination = new LocalDestination(_folder);
        AssetReading reading = await AssetCatalog.ReadAsync(store, default);
        int read = store.Reads.Count;

        ConversionPlan plan = await ConversionPlan.CreateAsync(reading.Asset, destination, new ConversionOptions(), default, reading);
        int more = store.Reads.Count - read;
        ConversionPlan other = await ConversionPlan.CreateAsync(reading.Asset, destination, new ConversionOptions(), default, reading);

        // Closed captions are looked for in a few pictures, which describing does not.
        Assert.Empty(store.Reads.Skip(read).Take(more).Select(one => (one.Path, one.Offset)).Intersect(store.Reads.Take(read).Select(one => (one.Path, one.Offset))));
        Assert.Equal(2 * (read + more), store.Reads.Count);
        Assert.NotEmpty(plan.SourceFiles);
        Assert.Equal((other.Fingerprint.Conversion, other.TotalBytes, other.Source.BytesRead), (plan.Fingerprint.Conversion, plan.TotalBytes, plan.Source.BytesRead));
    }
}
