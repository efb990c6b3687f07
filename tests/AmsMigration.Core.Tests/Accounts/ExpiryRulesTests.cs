using System.Globalization;
using AmsMigration.Accounts;

namespace AmsMigration.Core.Tests.Accounts;

public class ExpiryRulesTests
{
    private static readonly AccountId _id = new("sub", "group", "contoso");

    [Theory]
    [InlineData("2024-06-30T00:00:00Z", "2024-05-31", AmsAccountPhase.Active, 30, true)]
    [InlineData("2024-06-30T00:00:00Z", "2024-06-29T23:00:00Z", AmsAccountPhase.Active, 0, true)]
    [InlineData("2024-06-30T00:00:00Z", "2024-06-30", AmsAccountPhase.ReadOnly, 90, true)]
    [InlineData("2024-06-30T00:00:00Z", "2024-08-15", AmsAccountPhase.ReadOnly, 44, false)]
    [InlineData("2024-06-30T00:00:00Z", "2024-09-28", AmsAccountPhase.DeletionDue, 0, false)]
    [InlineData("Tue, 30 Jul 2024 12:00:00 GMT", "2024-07-20", AmsAccountPhase.Extended, 10, true)]
    [InlineData("08/02/2024 00:00:00", "2024-07-20", AmsAccountPhase.Extended, 13, false)]
    [InlineData("2025-04-30", "2024-12-01", AmsAccountPhase.Extended, 150, false)]
    public void Phases_follow_from_the_date_that_the_service_gives(string header, string asOf, AmsAccountPhase phase, int daysLeft, bool canExtend)
    {
        AmsAccountExpiry expiry = Judge(header, asOf);

        Assert.Equal((phase, daysLeft, canExtend), (expiry.Phase, expiry.DaysLeft, expiry.ExtensionAvailable));
        Assert.Equal(RetirementDateSource.Service, expiry.RetirementDateSource);
        Assert.Equal(expiry.RetirementDate, expiry.ReadOnlyFrom);
        Assert.Equal(expiry.RetirementDate.AddDays(90), expiry.DeletionExpectedOn);
        Assert.Equal(TimeSpan.Zero, expiry.RetirementDate.Offset);
    }

    [Fact]
    public void Without_a_date_the_published_one_counts_and_that_is_said()
    {
        AmsAccountExpiry expiry = Judge(null, "2024-07-10");

        Assert.Equal(RetirementDateSource.PublishedDates, expiry.RetirementDateSource);
        Assert.Equal(PublishedDates.Retirement, expiry.RetirementDate);
        Assert.Equal(AmsAccountPhase.ReadOnly, expiry.Phase);
    }

    [Fact]
    public void A_date_that_is_none_leaves_the_phase_unknown() => Assert.Equal(AmsAccountPhase.Unknown, Judge("soon", "2024-07-10").Phase);

    [Fact]
    public void What_is_gone_is_deleted_whenever_it_is_asked_for_and_says_what_can_still_be_done()
    {
        AmsAccountExpiry expiry = ExpiryRules.Judge(new AccountFacts { Id = _id, Exists = false }, AzureClouds.Public, Time("2024-01-01"));

        Assert.Equal((AmsAccountPhase.Deleted, 0, false), (expiry.Phase, expiry.DaysLeft, expiry.ExtensionAvailable));
        Assert.Contains(expiry.StillPossible, what => what.Contains("Get-AmsAsset", StringComparison.Ordinal));
        Assert.NotEmpty(expiry.Losses);
    }

    [Theory]
    [InlineData("/subscriptions/s/resourceGroups/g/providers/Microsoft.Media/mediaservices/a")]
    [InlineData("/SUBSCRIPTIONS/s/resourcegroups/g/providers/microsoft.media/mediaServices/a/assets/talk")]
    public void Resource_ids_are_read_in_any_letter_case_and_from_what_lies_below(string id) => Assert.Equal(new AccountId("s", "g", "a"), AccountId.Parse(id));

    [Theory]
    [InlineData("")]
    [InlineData("contoso")]
    [InlineData("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a")]
    [InlineData("/subscriptions/s/resourceGroups//providers/Microsoft.Media/mediaservices/a")]
    public void What_is_no_account_is_refused(string id) => Assert.Throws<FormatException>(() => AccountId.Parse(id));

    private static AmsAccountExpiry Judge(string? header, string asOf) =>
        ExpiryRules.Judge(new AccountFacts { Id = _id, Exists = true, RetirementDateHeader = header }, AzureClouds.Public, Time(asOf));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
