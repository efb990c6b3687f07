using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Encoders that were started again send their header once more: it stands in front of a fragment, and may be another one.</summary>
public class HeaderInFragmentTests
{
    private const int WidthInEntry = 33;
    private const int Changed = 3;
    private const long Start = 1_544_716_459;

    [Fact]
    public async Task A_header_that_says_the_same_again_changes_nothing()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        video.Chunks[Changed].Front = LiveArchiveMaker.ToHeader(video);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Assert.Equal(["Rebased"], presentation.Codes());
        Assert.Single(presentation.Of(TrackKind.Video).Descriptions);
        presentation.Of(TrackKind.Video).HasTimesOf(video, (decimal)audio.Chunks[0].Name / audio.Timescale);
    }

    [Fact]
    public async Task Fragments_behind_another_configuration_are_decoded_by_it()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        byte[] first = video.Entry;
        byte[] second = [.. first];
        second[WidthInEntry] ^= 0x10;
        video.Entry = second;
        video.Chunks[Changed].Front = LiveArchiveMaker.ToHeader(video);
        video.Entry = first;
        video.Chunks[Changed + 3].Front = LiveArchiveMaker.ToHeader(video);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Assert.Equal(["ConfigurationChanged", "Rebased"], presentation.Codes());
        Track track = presentation.Of(TrackKind.Video);
        track.HasTimesOf(video, (decimal)audio.Chunks[0].Name / audio.Timescale);
        Assert.Equal([first, second], track.Descriptions.Select(description => description.Entry));
        int[] samples = [.. video.Chunks.Select(chunk => chunk.Samples.Count)];
        int begin = samples.Take(Changed).Sum();
        int end = samples.Take(Changed + 3).Sum();
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            Assert.Equal(sample.Index >= begin && sample.Index < end ? 1 : 0, sample.Description);
        }

        Assert.NotEmpty(PackagingPlanner.Plan(presentation, new PackagingOptions()).Renditions);
    }

    [Theory]
    [InlineData("codec")]
    [InlineData("timescale")]
    public async Task What_cannot_be_one_track_with_what_is_in_front_of_it_is_left_out_by_name(string other)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        (byte[] entry, uint timescale) = (video.Entry, video.Timescale);
        video.Entry = other == "codec" ? MadeStream.Of("../assets/hevc-hvc1/clip.mp4", TrackKind.Video, 90000).Entry : entry;
        video.Timescale = other == "timescale" ? timescale * 2 : timescale;
        video.Chunks[Changed].Front = LiveArchiveMaker.ToHeader(video);
        (video.Entry, video.Timescale) = (entry, timescale);
        int whole = video.Chunks.Take(Changed).Sum(chunk => chunk.Samples.Count);

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        PackagingWarning warning = Assert.Single(presentation.Warnings, w => w.Code == "ConfigurationChanged");
        Assert.Contains($"/{video.Chunks[Changed].Name}'", warning.Message);
        Assert.Equal(whole, presentation.Of(TrackKind.Video).Samples.Count);
        Assert.Single(presentation.Of(TrackKind.Video).Descriptions);
    }

    [Fact]
    public async Task A_damaged_header_is_named_and_what_is_behind_it_goes_on()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        byte[] header = LiveArchiveMaker.ToHeader(video);
        header[header.AsSpan().IndexOf("mdhd"u8)] ^= 1;
        video.Chunks[Changed].Front = header;

        (_, Presentation presentation) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Assert.Equal(["DamagedHeader", "Rebased"], presentation.Codes());
        presentation.Of(TrackKind.Video).HasTimesOf(video, (decimal)audio.Chunks[0].Name / audio.Timescale);
    }
}
