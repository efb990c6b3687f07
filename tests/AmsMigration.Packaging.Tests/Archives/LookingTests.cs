using AmsMigration.Assets;
using AmsMigration.Packaging.Presentations;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Get-AmsAsset names the format and the faults of archives by their headers.</summary>
public class LookingTests
{
    /// <summary>What is read of a blob at once.</summary>
    private const int Head = 8 * 1024;

    [Fact]
    public async Task An_archive_is_named_with_its_faults_and_no_more_is_read_of_a_fragment_than_its_head()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, 5000);
        video.Lose(4, 2, isListed: true);
        audio.Chunks[3].CutTo = 0;
        foreach (MadeChunk chunk in video.Chunks)
        {
            for (int i = 0; i < chunk.Samples.Count; i++)
            {
                chunk.Samples[i] = chunk.Samples[i] with { Data = new byte[20_000] };
            }
        }

        var store = new ProbedAssetStore(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);

        Assert.Equal("LiveArchiveCmaf", asset.Format);
        Assert.Contains(asset.Faults, fault => fault.StartsWith("video_1000000: The client manifest lists 2 fragments that are not there", StringComparison.Ordinal));
        Assert.Contains(asset.Faults, fault => fault.Contains("The fragment is empty", StringComparison.Ordinal));
        Assert.Contains(asset.Faults, fault => fault.Contains("Video track 'video': 2.000 s of media are missing in 1 places, the first at 4.021 s.", StringComparison.Ordinal));
        IEnumerable<SourceRead> reads = store.Reads.Where(read => read.Path.StartsWith(video.Folder + "/", StringComparison.Ordinal) && !read.Path.EndsWith("/header", StringComparison.Ordinal));
        Assert.All(reads.GroupBy(read => read.Path), blob => Assert.InRange(blob.Sum(read => read.Count), 1, 3 * Head));
    }
}
