using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>Ranged reads of one version of a blob: another version fails the read (If-Match, RFC 9110 13.1.1).</summary>
internal sealed class BlobByteSource(BlobClient blob, AssetFile file, TokenCredential? credential) : IServerReadable
{
    private const string StorageScope = "https://storage.azure.com/.default";

    /// <summary>Of a signature that another service gets, and how long before its end it is made anew.</summary>
    private static readonly TimeSpan SignatureLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan SignatureMargin = TimeSpan.FromMinutes(15);

    private volatile Signed? _signed;

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
            if (wanted < file.Length && answer.Details.ContentRange?.StartsWith(FormattableString.Invariant($"bytes {offset}-"), StringComparison.Ordinal) != true)
            {
                throw new PackagingException("FileUnreadable", "other bytes came than were asked for: something between here and the service does not know ranges", file.Path, offset) { IsOfStore = true };
            }

            int read = 0;
            while (read < wanted)
            {
                // The client's stream asks again for the rest where a connection is cut.
                int more = await answer.Content.ReadAsync(buffer, index + read, wanted - read, cancellation).ConfigureAwait(false);
                if (more == 0)
                {
                    throw new PackagingException("SourceChanged", $"the blob ended after {offset + read} of {file.Length} bytes", file.Path, offset + read) { IsOfStore = true };
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

    /// <summary>A key is never handed on: it signs an address that reads this blob for an hour.</summary>
    public async Task<ServerAddress?> FindAddressAsync(CancellationToken cancellation)
    {
        if (blob.CanGenerateSasUri)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            Signed? signed = _signed;
            if (signed is null || signed.Ends - now < SignatureMargin)
            {
                _signed = signed = new Signed(blob.GenerateSasUri(BlobSasPermissions.Read, now + SignatureLife), now + SignatureLife);
            }

            return new ServerAddress(signed.Address, null, file.ETag);
        }

        if (credential is null)
        {
            return new ServerAddress(blob.Uri, null, file.ETag);
        }

        AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([StorageScope]), cancellation).ConfigureAwait(false);
        return new ServerAddress(blob.Uri, token.Token, file.ETag);
    }

    public void Dispose()
    {
    }

    private sealed record Signed(Uri Address, DateTimeOffset Ends)
    {
        public override string ToString() => nameof(Signed);
    }
}
