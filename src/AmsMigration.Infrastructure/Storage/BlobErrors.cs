using System.Net.Sockets;
using System.Xml;
using AmsMigration.Packaging;
using Azure;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>From what blob storage refuses to what a user can do about it. The service's own message may hold a signature: it is never passed on whole.</summary>
internal static class BlobErrors
{
    /// <summary>What clients of Azure throw when a request fails for good, or when something else answers in the service's place.</summary>
    public static bool IsStorage(Exception exception) =>
        exception is RequestFailedException or XmlException or AggregateException { InnerException: RequestFailedException };

    /// <summary>About a file that is read.</summary>
    public static PackagingException Reading(Exception exception, string? path) => Explain(exception, path, isWriting: false);

    /// <summary>About a file that is written.</summary>
    public static PackagingException Writing(Exception exception, string? path) => Explain(exception, path, isWriting: true);

    public static bool Is(RequestFailedException e, params BlobErrorCode[] codes) => codes.Any(code => e.ErrorCode == code.ToString());

    private static PackagingException Explain(Exception exception, string? path, bool isWriting)
    {
        RequestFailedException e = exception as RequestFailedException
            ?? (exception as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().LastOrDefault()
            ?? new RequestFailedException(exception.Message, exception);
        (string code, string what) = Classify(e, isWriting);
        string status = e.Status == 0 ? "" : $" ({e.Status}{(e.ErrorCode is null ? "" : $" {e.ErrorCode}")}{RequestId(e)})";
        return new PackagingException(code, what + status, path, inner: e);
    }

    private static (string Code, string What) Classify(RequestFailedException e, bool isWriting) => e.Status switch
    {
        0 when IsUnknownHost(e) => ("StorageHostUnknown", "there is no storage account of that name"),
        0 => ("StorageUnreachable", $"the storage account could not be reached: {e.InnerException?.Message ?? "the connection was cut"}"),
        _ when Is(e, BlobErrorCode.BlobArchived, BlobErrorCode.BlobBeingRehydrated) => (
            "SourceArchived", "the blob is in the archive tier, or on its way out of it, and cannot be read yet"),
        _ when Is(e, BlobErrorCode.BlobImmutableDueToPolicy) => (
            "OutputImmutable", "a legal hold or an immutability policy keeps the blob as it is"),
        _ when Is(e, BlobErrorCode.LeaseIdMissing, BlobErrorCode.LeaseAlreadyPresent) && isWriting => (
            "OutputLeased", "somebody holds a lease on the blob"),
        _ when Is(e, BlobErrorCode.ContainerBeingDeleted) => ("ContainerBeingDeleted", "a container of that name is being deleted; it can be made again after a while"),
        401 => ("StorageUnauthorized", "the storage account does not take the credential"),
        403 => Forbidden(e, isWriting),
        404 when Is(e, BlobErrorCode.ContainerNotFound) => ("ContainerNotFound", "the container is not there, or was deleted"),
        404 => ("FileNotFound", "the blob is not there"),
        412 => ("SourceChanged", "the blob was written to since it was looked at"),
        413 => ("OutputTooLarge", "the blob would have more blocks than the service takes"),
        429 or 503 => ("StorageThrottled", "the storage account asked for patience for longer than the retries lasted"),
        >= 500 => ("StorageUnavailable", "the storage account failed for longer than the retries lasted"),
        _ => isWriting ? ("OutputUnwritable", "the storage account refused to write the blob") : ("FileUnreadable", "the storage account refused to read the blob"),
    };

    private static (string Code, string What) Forbidden(RequestFailedException e, bool isWriting)
    {
        if (Is(e, BlobErrorCode.AuthenticationFailed))
        {
            return ("StorageSignatureRefused", "the key, token or shared access signature is not taken: it may have ended, or this machine's clock may be wrong");
        }

        return isWriting
            ? ("StorageForbidden", "writing is not allowed: it takes the role Storage Blob Data Contributor, or a shared access signature with create, write and delete")
            : ("StorageForbidden", "reading is not allowed: it takes the role Storage Blob Data Reader, or a shared access signature with read and list");
    }

    private static string RequestId(RequestFailedException e) =>
        e.GetRawResponse()?.Headers.RequestId is { Length: > 0 } id ? $", request id {id}" : "";

    private static bool IsUnknownHost(Exception? e) =>
        e is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } || (e is not null && IsUnknownHost(e.InnerException));
}
