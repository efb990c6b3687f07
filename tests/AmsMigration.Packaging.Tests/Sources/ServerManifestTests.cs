using System.Text;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Packaging.Tests.Sources;

public class ServerManifestTests
{
    [Theory]
    [InlineData("BigBuckBunny_3400.ism", "mp4", null, 6, 1, 0)]
    [InlineData("ElephantsDream_MultiAudio.ism", "mp4", null, 3, 2, 0)]
    [InlineData("TearsOfSteel.ism", "mp4", null, 3, 2, 0)]
    [InlineData("amse51-encoder-output.ism", "mp4", null, 8, 2, 0)]
    [InlineData("ignite-mp4v3-audio-description.ism", "mp4-v3", "ignite.ismc", 5, 2, 0)]
    [InlineData("ignite-with-textstreams.ism", "mp4-v3", "ignite.ismc", 1, 1, 2)]
    [InlineData("issue250-duplicate-audio-src.ism", "mp4", null, 3, 1, 0)]
    public void Real_manifests_give_their_tracks(string name, string formats, string? client, int video, int audio, int text)
    {
        ServerManifest manifest = ServerManifest.Parse(File.ReadAllBytes(Needs.Shared($"reference/manifests/{name}")), name);

        Assert.Equal(formats, manifest.Formats);
        Assert.Equal(client, manifest.ClientManifest);
        Assert.Equal(
            (video, audio, text),
            (Count(manifest, TrackKind.Video), Count(manifest, TrackKind.Audio), Count(manifest, TrackKind.Text)));
        Assert.Empty(manifest.Warnings);
    }

    [Theory]
    [InlineData("live_async_streams.ism")]
    [InlineData("treefactory_test_utf16leBOM.ism")]
    public void A_client_manifest_under_the_wrong_name_is_told_from_a_server_manifest(string name)
    {
        byte[] content = File.ReadAllBytes(Needs.Shared($"reference/manifests/{name}"));

        var fault = Assert.Throws<PackagingException>(() => ServerManifest.Parse(content, name));

        Assert.Equal("InvalidManifest", fault.Code);
        Assert.Contains("SmoothStreamingMedia", fault.Message);
    }

    [Fact]
    public void Names_roles_and_languages_come_from_attributes_and_parameters_alike()
    {
        ServerManifest manifest = Parse("""
            <?xml version="1.0" encoding="utf-8"?>
            <smil xmlns="http://www.w3.org/2001/SMIL20/Language"><body><switch>
              <audio src="a.mp4" SystemLanguage="spa" title="Spanish" systemBitrate="128041">
                <param name="trackID" value="2"/><param name="trackName" value="aac_spa"/>
              </audio>
              <audio src="b.m4a" title="AAC_und_ch2_128kbps">
                <param name="systemLanguage" value="en-us"/>
                <param value="description" name="accessibility"/><param name="Role" value="Alternate"/>
              </audio>
              <textstream src="c.cmft" systemLanguage="">
                <param name="textDisplayName" value="Español"/><param name="textIsDefault" value="TRUE"/>
                <param name="transcriptsrc" value="c.vtt"/>
                <param name="textHlsCharacteristic" value="public.accessibility.transcribes-spoken-dialog"/>
              </textstream>
              <ref src="d.mp4"/>
            </switch></body></smil>
            """);

        ServerManifestTrack spanish = manifest.Tracks[0];
        Assert.Equal(
            ("es", "Spanish", "aac_spa", 2u, 128041L),
            (spanish.Language, spanish.Label, spanish.TrackName, spanish.TrackId, spanish.Bitrate));
        ServerManifestTrack description = manifest.Tracks[1];
        Assert.Equal(["description", "alternate"], description.Roles);
        Assert.Equal(("en-US", null, null), (description.Language, description.Label, description.TrackId));
        ServerManifestTrack text = manifest.Tracks[2];
        Assert.Equal((null, "Español", "c.vtt", true), (text.Language, text.Label, text.TranscriptSource, text.IsDefault));
        Assert.Equal("public.accessibility.transcribes-spoken-dialog", text.HlsCharacteristics);
        Assert.Null(manifest.Tracks[3].Kind);
        Assert.Null(manifest.Formats);
    }

    [Theory]
    [InlineData("utf-8", true, "utf-8")]
    [InlineData("utf-8", false, "utf-16")]
    [InlineData("utf-16", true, "utf-16")]
    [InlineData("utf-16", false, "utf-16")]
    [InlineData("utf-16", false, "utf-8")]
    [InlineData("utf-16BE", true, "utf-16")]
    [InlineData("utf-16BE", false, "utf-8")]
    public void Any_encoding_is_read_whatever_the_declaration_says(string encoding, bool mark, string declared)
    {
        Encoding actual = Encoding.GetEncoding(encoding);
        string text = $"<?xml version='1.0' encoding='{declared}'?>\r\n<smil><body><switch><video src='größe.mp4'/></switch></body></smil>";
        byte[] content = [.. mark ? actual.GetPreamble() : [], .. actual.GetBytes(text)];

        ServerManifest manifest = ServerManifest.Parse(content, "a.ism");

        Assert.Equal("größe.mp4", Assert.Single(manifest.Tracks).Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no xml at all")]
    [InlineData("<smil><body><switch><video src='a.mp4'>")]
    [InlineData("<!DOCTYPE smil [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><smil><body>&b;</body></smil>")]
    [InlineData("<!DOCTYPE smil [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><smil><body><switch><video src='&a;'/></switch></body></smil>")]
    [InlineData("<html/>")]
    public void What_is_no_manifest_or_a_trap_is_refused_with_the_file_named(string content)
    {
        var fault = Assert.Throws<PackagingException>(() => Parse(content));

        Assert.Equal(("InvalidManifest", "a.ism"), (fault.Code, fault.File));
    }

    [Fact]
    public void Elements_nested_a_million_deep_are_refused()
    {
        string content = "<smil>" + string.Concat(Enumerable.Repeat("<a>", 1_000_000));

        Assert.Contains("deep", Assert.Throws<PackagingException>(() => Parse(content)).Message);
    }

    [Fact]
    public void A_track_without_file_is_a_warning()
    {
        ServerManifest manifest = Parse("<smil><body><switch><video/><audio src=''/><video src='a.mp4'/></switch></body></smil>");

        Assert.Single(manifest.Tracks);
        Assert.Equal(["ManifestTrackWithoutFile", "ManifestTrackWithoutFile"], manifest.Warnings.Select(warning => warning.Code));
    }

    private static int Count(ServerManifest manifest, TrackKind kind) => manifest.Tracks.Count(track => track.Kind == kind);

    private static ServerManifest Parse(string content) => ServerManifest.Parse(Encoding.UTF8.GetBytes(content), "a.ism");
}
