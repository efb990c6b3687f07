using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;
using Azure;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>Answers that the emulator never gives.</summary>
public class BlobErrorsTests
{
    [Theory]
    [InlineData(403, "AuthenticationFailed", "StorageSignatureRefused")]
    [InlineData(403, "AuthorizationPermissionMismatch", "StorageForbidden")]
    [InlineData(401, "InvalidAuthenticationInfo", "StorageUnauthorized")]
    [InlineData(404, "BlobNotFound", "FileNotFound")]
    [InlineData(404, "ContainerNotFound", "ContainerNotFound")]
    [InlineData(404, "ResourceNotFound", "ContainerNotFound")]
    [InlineData(409, "BlobArchived", "OutputArchived")]
    [InlineData(409, "BlobBeingRehydrated", "OutputArchived")]
    [InlineData(409, "PublicAccessNotPermitted", "StorageUnauthorized")]
    [InlineData(409, "BlockCountExceedsLimit", "OutputTooLarge")]
    [InlineData(409, "BlobImmutableDueToPolicy", "OutputImmutable")]
    [InlineData(409, "ContainerBeingDeleted", "ContainerBeingDeleted")]
    [InlineData(412, "LeaseIdMissing", "OutputLeased")]
    [InlineData(412, "ConditionNotMet", "OutputChanged")]
    [InlineData(412, "SourceConditionNotMet", "SourceChanged")]
    [InlineData(429, null, "StorageThrottled")]
    [InlineData(503, "ServerBusy", "StorageThrottled")]
    [InlineData(500, "InternalError", "StorageUnavailable")]
    [InlineData(400, "InvalidHeaderValue", "OutputUnwritable")]
    public void Each_refusal_has_a_name_of_its_own(int status, string? serviceCode, string code)
    {
        PackagingException e = BlobErrors.Writing(new RequestFailedException(status, "with sig=secret", serviceCode, null), "a.mp4");

        Assert.Equal((code, "a.mp4"), (e.Code, e.File));
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{status}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_read_is_told_the_role_for_reading() => Assert.Contains(
        "Storage Blob Data Reader", BlobErrors.Reading(new RequestFailedException(403, "", "AuthorizationPermissionMismatch", null), null).Message, StringComparison.Ordinal);
}
