using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.ClosedCaptions;
using AmsMigration.Packaging.Sources.Text;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>What packaging a presentation needs and listing an asset does not: the text of its text tracks, and a look into its pictures.</summary>
public static class PresentationContent
{
    public static async Task<Presentation> ReadAsync(IAssetStore store, Presentation presentation, CancellationToken cancellation) =>
        await CaptionProbe.DetectAsync(
            store, await TextLoader.LoadAsync(store, presentation, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
}
