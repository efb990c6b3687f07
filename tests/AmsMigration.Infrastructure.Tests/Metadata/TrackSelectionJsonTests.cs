using System.Text.Json;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public class TrackSelectionJsonTests
{
    [Fact]
    public void A_content_key_names_its_tracks()
    {
        const string Json = """
            {
              "id": "9259eb06-eeee-4f77-987f-48f4ea5c649f", "type": "CommonEncryptionCenc", "labelReferenceInStreamingPolicy": "hd",
              "tracks": [
                { "trackSelections": [
                  { "property": "Type", "operation": "Equal", "value": "Video" },
                  { "property": "Bitrate", "operation": "NotEqual", "value": "0-999999" } ] },
                { "trackSelections": [ { "property": "FourCC", "operation": "Equal", "value": "hev1" } ] } ]
            }
            """;

        AmsContentKey key = ServiceJson.ContentKey(JsonDocument.Parse(Json).RootElement);

        Assert.Equal(["Type Equal Video and Bitrate NotEqual 0-999999", "FourCC Equal hev1"], key.Tracks.Select(track => track.ToString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "tracks": null }""")]
    [InlineData("""{ "tracks": "all" }""")]
    [InlineData("""{ "tracks": [] }""")]
    public void A_key_for_all_names_none(string json) => Assert.Empty(ServiceJson.Selections(JsonDocument.Parse(json).RootElement));

    /// <summary>A condition that cannot be read is one that no track meets: the key must not go to tracks that were not meant.</summary>
    [Fact]
    public void A_condition_that_says_nothing_is_kept_and_met_by_none()
    {
        TrackSelection selection = Assert.Single(ServiceJson.Selections(JsonDocument.Parse("""{ "tracks": [ { "trackSelections": [ 7 ] } ] }""").RootElement));

        Assert.Equal("", Assert.Single(selection.Conditions).Property);
    }
}
