using AmsMigration.Packaging.Planning;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>EXT-X-PROGRAM-DATE-TIME where nothing but a start that is not common to sound and picture asks for it.</summary>
public class HlsDatesTests
{
    private const int Millisecond = 30;

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    [InlineData(90)]
    [InlineData(-90)]
    public void Playlists_that_begin_together_have_no_dates(int later)
    {
        Assert.All(Playlists(later).Values, dates => Assert.Empty(dates));
    }

    [Theory]
    [InlineData(91, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.091Z")]
    [InlineData(500, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.500Z")]
    [InlineData(-700, "1970-01-01T00:00:00.700Z", "1970-01-01T00:00:00.000Z")]
    public void Sound_that_does_not_begin_with_the_picture_gives_every_playlist_a_date(int later, string picture, string sound)
    {
        Dictionary<string, string[]> dates = Playlists(later);

        Assert.Equal(
            new Dictionary<string, string[]>
            {
                ["video_720p"] = [picture],
                ["video_720p.iframes"] = [picture],
                ["audio_en_aac_2_128k"] = [sound],
                ["text_de"] = [later > 0 ? picture : sound],
            },
            dates);
    }

    [Fact]
    public void A_sound_that_is_a_little_off_the_picture_has_its_date()
    {
        MadeUp video = Video(720, 3_000_000) with { Start = 1000 * Millisecond };
        MadeUp near = Audio("en", 128_000) with { Timescale = 30_000, Start = 1020 * Millisecond };
        MadeUp far = Audio("fr", 96_000) with { Timescale = 30_000, Start = 1400 * Millisecond };
        IReadOnlyList<OutputFile> files = Write("talk", OutputLayout.SingleFile, [video, near, far], []);

        Assert.Equal(["1970-01-01T00:00:00.000Z"], Dates(files, $"talk/{near.Name}.m3u8"));
        Assert.Equal(["1970-01-01T00:00:00.400Z"], Dates(files, $"talk/{far.Name}.m3u8"));
    }

    private static Dictionary<string, string[]> Playlists(int later)
    {
        MadeUp video = Video(720, 3_000_000) with { Start = 1000 * Millisecond };
        MadeUp audio = Audio("en", 128_000) with { Timescale = 30_000, Start = (1000 + later) * Millisecond };
        IReadOnlyList<OutputFile> files = Write("talk", OutputLayout.SingleFile, [video, audio], [Captions("de")]);
        return files.Where(file => file.Path.StartsWith("talk/", StringComparison.Ordinal) && file.Path.EndsWith(".m3u8", StringComparison.Ordinal))
            .ToDictionary(file => file.Path[5..^5], file => Dates(files, file.Path));
    }

    private static string[] Dates(IReadOnlyList<OutputFile> files, string path) => [.. new Playlist(MadeUp.Text(files, path)).Values("EXT-X-PROGRAM-DATE-TIME")];
}
