"""The owner's pages of referrals: from invitation to reward, who brought buyers, who brought whom, what it cost."""
