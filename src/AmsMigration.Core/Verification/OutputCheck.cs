using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Verification;
using AmsMigration.Runs;

namespace AmsMigration.Verification;

/// <summary>Checks all presentations of an output.</summary>
public static class OutputCheck
{
    /// <param name="source">The asset that the output was made from; null where it is not at hand.</param>
    /// <param name="keys">Where the output, or the source, is encrypted.</param>
    /// <exception cref="PackagingException">The output or the source cannot be listed, or its store fails.</exception>
    public static async Task<AmsVerificationResult> RunAsync(
        IAssetStore output, IAssetStore? source, CancellationToken cancellation, IReadOnlyList<ContentKey>? keys = null)
    {
        var made = new CountingAssetStore(output);
        CountingAssetStore? from = source is null ? null : new CountingAssetStore(source);
        Task<AmsVerificationResult> CheckAsync() => made.ReadAsync(() => CompareAsync(made, from, cancellation, keys));
        return await (from is null ? CheckAsync() : from.ReadAsync(CheckAsync)).ConfigureAwait(false);
    }

    private static async Task<AmsVerificationResult> CompareAsync(
        IAssetStore output, IAssetStore? source, CancellationToken cancellation, IReadOnlyList<ContentKey>? keys)
    {
        AssetContent? content = source is null ? null : await AssetReader.ReadAsync(source, cancellation, keys).ConfigureAwait(false);
        if (await FindCopiesAsync(output, content, cancellation).ConfigureAwait(false) is IEnumerable<KeyValuePair<string, long>> copies)
        {
            return await CompareCopiesAsync(output, copies, source, cancellation).ConfigureAwait(false);
        }

        IReadOnlyList<string> names = await OutputVerifier.FindPresentationsAsync(output, cancellation).ConfigureAwait(false);
        IReadOnlyList<Presentation> presentations = content?.Presentations ?? [];
        IAssetStore? clear = source is null ? null : DecryptingStore.Of(source, presentations, keys ?? []);
        List<string> findings = [];
        Guid[] missing = [.. (content?.LeftOut ?? []).SelectMany(track => track.MissingKeyIds).Distinct()];
        if (missing.Length > 0)
        {
            findings.Add($"The source is encrypted, and cannot be compared without its keys: {string.Join(", ", missing)}.");
        }

        if (names.Count == 0)
        {
            findings.Add("There is neither a multivariant playlist nor an MPD: this is no output, or an incomplete one.");
        }

        if (source is not null && missing.Length == 0 && presentations.Count != names.Count)
        {
            findings.Add($"The output has {names.Count} presentations; the source has {presentations.Count}.");
        }

        int renditions = 0;
        long samples = 0;
        foreach (string name in names)
        {
            VerificationReport report = await OutputVerifier.VerifyAsync(output, name, Match(name, presentations), clear, cancellation, keys).ConfigureAwait(false);
            findings.AddRange(report.Findings.Select(finding => finding.ToString()));
            renditions += report.Renditions;
            samples += report.SamplesCompared;
        }

        return new AmsVerificationResult
        {
            Path = output.Location,
            Source = source?.Location,
            Presentations = [.. names],
            Renditions = renditions,
            SamplesCompared = samples,
            Findings = [.. findings],
        };
    }

    /// <summary>Null where the output was packaged. Without a record, the source says whether it was static already.</summary>
    private static async Task<IEnumerable<KeyValuePair<string, long>>?> FindCopiesAsync(IAssetStore output, AssetContent? content, CancellationToken cancellation)
    {
        OutputRecord? record = await RecordReader.FindAsync(output, cancellation).ConfigureAwait(false);
        return record switch
        {
            { IsCopy: true } => record.Files,
            null when content?.StaticManifests.Count > 0 => content.OtherFiles.Select(file => new KeyValuePair<string, long>(file.Path, file.Length)),
            _ => null,
        };
    }

    private static async Task<AmsVerificationResult> CompareCopiesAsync(
        IAssetStore output, IEnumerable<KeyValuePair<string, long>> copies, IAssetStore? source, CancellationToken cancellation)
    {
        (IReadOnlyList<string> manifests, IReadOnlyList<VerificationFinding> findings) = await CopyVerifier.VerifyAsync(output, copies, source, cancellation).ConfigureAwait(false);
        return new AmsVerificationResult
        {
            Path = output.Location,
            Source = source?.Location,
            Presentations = [.. manifests.Select(path => path.Substring(0, path.LastIndexOf('.'))).Distinct()],
            Renditions = 0,
            SamplesCompared = 0,
            Findings = [.. findings.Select(finding => finding.ToString())],
        };
    }

    /// <summary>The presentation of that name; an only one may have been given another. A name of several ends with the presentation's own.</summary>
    private static Presentation? Match(string manifestName, IReadOnlyList<Presentation> presentations) =>
        presentations.Count == 1
            ? presentations[0]
            : presentations.FirstOrDefault(presentation => presentation.Name == manifestName)
                ?? presentations.FirstOrDefault(presentation => manifestName.EndsWith("-" + presentation.Name, StringComparison.Ordinal));
}
