using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Interop.Tests;

/// <summary>ffmpeg, led by the manifests alone, decodes every picture and every sound of every rendition.</summary>
public class DecodingTests(Outputs outputs)
{
    /// <summary>Frames that a decoder keeps back or adds: priming and padding of sound.</summary>
    private const double Tolerance = 2;

    private static readonly string[] _decode = ["-map", "0", "-map", "-0:s?", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framecrc", "-"];

    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Ffmpeg_decodes_every_sample_that_a_playlist_names(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);
        foreach (OutputTrack track in output.Tracks)
        {
            string text = await Needs.FfmpegAsync(["-allowed_extensions", "ALL", "-i", track.MediaPlaylist, .. _decode]);
            Assert.Equal(track.Source.Samples.Count, Assert.Single(FrameList.Times(text)).Count, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Ffmpeg_decodes_every_rendition_of_the_mpd(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);
        foreach (AmsPresentationOutput presentation in output.Result.Presentations)
        {
            // The demuxer of ffmpeg 5 ends all renditions with the shortest: how many samples it saw of the others says nothing.
            string text = await Needs.FfmpegAsync(["-allowed_extensions", "ALL", "-i", presentation.DashUri!, .. _decode]);
            Assert.Equal(output.Tracks.Count(track => track.Track.Presentation == presentation.Name), FrameList.Times(text).Count);
        }
    }
}
