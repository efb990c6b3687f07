using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>Ranged reads of one version of a blob: another version fails the read (If-Match, RFC 9110 13.1.1).</summary>
internal sealed class BlobByteSource(BlobClient blob, AssetFile file) : IByteSource
{
    public string Path => file.Path;

    public long Length => file.Length;

    public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int wanted = (int)Math.Min(count, file.Length - offset);
        if (wanted <= 0)
        {
            return 0;
        }

        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, wanted),
            Conditions = file.ETag is null ? null : new BlobRequestConditions { IfMatch = new ETag(file.ETag) },
        };
        try
        {
            using BlobDownloadStreamingResult answer = await blob.DownloadStreamingAsync(options, cancellation).ConfigureAwait(false);
            int read = 0;
            while (read < wanted)
            {
                // The client's stream asks again for the rest where a connection is cut.
                int more = await answer.Content.ReadAsync(buffer, index + read, wanted - read, cancellation).ConfigureAwait(false);
                if (more == 0)
                {
                    throw new PackagingException("SourceChanged", $"the blob ended after {offset + read} of {file.Length} bytes", file.Path, offset + read);
                }

                read += more;
            }

            return read;
        }
        catch (Exception e) when (BlobErrors.IsStorage(e) || e is IOException)
        {
            throw BlobErrors.Reading(e, file.Path);
        }
    }

    public void Dispose()
    {
    }
}
