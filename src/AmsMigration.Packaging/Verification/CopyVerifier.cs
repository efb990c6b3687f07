using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>
/// Checks an output that is a copy of an asset's files, since it was static already or cannot be streamed: they are whole, the same as in the source, and
/// manifests among them find what they name.
/// </summary>
public static class CopyVerifier
{
    private const int BufferLength = 256 * 1024;

    /// <param name="files">What was copied: paths, the same in output and source, and bytes.</param>
    /// <param name="source">Null where it is not at hand.</param>
    /// <returns>The manifests that players open, and what is wrong.</returns>
    public static async Task<(IReadOnlyList<string> Manifests, IReadOnlyList<VerificationFinding> Findings)> VerifyAsync(
        IAssetStore output, IEnumerable<KeyValuePair<string, long>> files, IAssetStore? source, CancellationToken cancellation)
    {
        var findings = new Findings();
        IReadOnlyList<AssetFile> there = await output.ListAsync(cancellation).ConfigureAwait(false);
        var lengths = there.ToDictionary(file => file.Path, file => file.Length, StringComparer.Ordinal);
        HashSet<string>? originals = source is null ? null : [.. (await source.ListAsync(cancellation).ConfigureAwait(false)).Select(file => file.Path)];
        foreach (KeyValuePair<string, long> file in files)
        {
            if (!lengths.TryGetValue(file.Key, out long length))
            {
                findings.Add("CopyMissing", file.Key, "it was copied, but it is not there");
            }
            else if (length != file.Value)
            {
                findings.Add("CopyIncomplete", file.Key, $"it has {length} bytes; expected {file.Value}");
            }
            else if (originals?.Contains(file.Key) == false)
            {
                findings.Add("CopyWithoutSource", file.Key, "the source has no such file");
            }
            else if (source is not null && await FindDifferenceAsync(output, source, file.Key, cancellation).ConfigureAwait(false) is long offset)
            {
                findings.Add("CopyDiffers", file.Key, $"from byte {offset} on it is not what the source has");
            }
        }

        List<PackagingWarning> faults = [];
        IReadOnlyList<string> manifests = await StaticManifests.CheckAsync(output, there, faults, cancellation).ConfigureAwait(false);
        faults.ForEach(fault => findings.Add(fault.Code, fault.File ?? "", fault.Message));
        return (manifests, findings.All);
    }

    /// <returns>Where the two first differ, or the read in which one of them ends early; null where they do not.</returns>
    private static async Task<long?> FindDifferenceAsync(IAssetStore output, IAssetStore source, string path, CancellationToken cancellation)
    {
        using IByteSource copy = await output.OpenAsync(path, cancellation).ConfigureAwait(false);
        using IByteSource original = await source.OpenAsync(path, cancellation).ConfigureAwait(false);
        var left = new byte[BufferLength];
        var right = new byte[BufferLength];
        for (long offset = 0; ; offset += BufferLength)
        {
            int length = await FillAsync(copy, offset, left, cancellation).ConfigureAwait(false);
            if (length != await FillAsync(original, offset, right, cancellation).ConfigureAwait(false))
            {
                return offset;
            }

            for (int i = 0; i < length; i++)
            {
                if (left[i] != right[i])
                {
                    return offset + i;
                }
            }

            if (length < BufferLength)
            {
                return null;
            }
        }
    }

    private static async Task<int> FillAsync(IByteSource source, long offset, byte[] buffer, CancellationToken cancellation)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await source.ReadAsync(offset + length, buffer, length, buffer.Length - length, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }
}
