using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Tests.Archives;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.TimedText;

/// <summary>Captions of live events: a document for each fragment, by the event's clock.</summary>
public class LiveTextTests
{
    private const int Start = 5000;

    [Fact]
    public async Task Documents_of_fragments_become_one_text_without_repetitions_on_the_archives_time_line()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(startSeconds: Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore();
        MadeText.AddTo(
            store,
            "fra_1000",
            Start,
            $"<p begin='{Start}.5s' end='{Start + 2}s'>across</p>",
            $"<p begin='{Start + 1}s' end='{Start + 2}s'>across</p><p begin='{Start + 1}.25s' end='{Start + 4}s'>for long</p>",
            $"<p begin='{Start + 1}.25s' end='{Start + 4}s'>for long</p>");

        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        presentation = await PresentationContent.ReadAsync(store, presentation, default);

        TextTrack text = Assert.Single(presentation.Texts);
        Assert.Equal("fr", text.Language);
        Assert.DoesNotContain(presentation.Tracks, t => t.Kind == TrackKind.Text);
        Assert.Equal(2, text.Content!.Cues.Count);
        long origin = text.Content.Cues[0].Start - 500;
        Assert.InRange(origin, 0, 1000);
        Assert.Equal(
            [(500L, 2000L, "across"), (1250L, 4000L, "for long")],
            text.Content.Cues.Select(cue => (cue.Start - origin, cue.End - origin, cue.Payload)));
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions());
        Assert.Equal(2, Assert.Single(plan.Texts).Cues.Count);
        Assert.Single(plan.Renditions, rendition => rendition.Name == "imsc_fr");
    }
}
